"""A real browser: the system's Chromium, driven as a person would."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from cbmportal.accounts.models import User
from tests.conftest import PASSWORD

# Playwright runs an event loop in the test's thread; the ORM is still used from one thread only.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, "The browser tests need Chromium: install the package chromium."
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": found, "args": [*QUIET, *sandbox]}


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
    """Type address and password as the person would."""

    def through_the_form(user: User) -> None:
        user.set_password(PASSWORD)
        user.save()
        page.goto(f"{live_server.url}/en/account/login/")
        page.locator("input[type=email]").fill(user.email)
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()

    return through_the_form
