"""A real browser: the system's Chromium, driven as a person would."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from cbmportal.accounts.models import User
from cbmportal.accounts.second_factor import has_second_factor
from tests.conftest import PASSWORD, app_code

# Playwright runs an event loop in the test's thread; the ORM is still used from one thread only.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page whose console must stay silent: errors are failures, violations of the CSP among them."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    page.set_default_timeout(10_000)
    page.on("console", listen)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []


@pytest.fixture
def sign_in(page: Page, live_server: Any) -> Callable[[User], None]:
    """Type address and password as the person would, and the code of the app, if they have one."""

    def through_the_form(user: User) -> None:
        user.set_password(PASSWORD)
        user.save()
        page.goto(f"{live_server.url}/en/account/login/")
        page.locator("input[type=email]").fill(user.email)
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        if has_second_factor(user):
            page.locator("#id_code").fill(app_code())
            page.locator("main form button[type=submit]").first.click()

    return through_the_form
