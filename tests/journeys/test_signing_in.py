"""Signing in as people do it: with a code from the mailbox, an app on the telephone, a passkey."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cbmportal.accounts.models import User
from cbmportal.notices.models import Notice
from tests.conftest import PASSWORD, app_code

pytestmark = pytest.mark.django_db(transaction=True)

PASSKEYS_OF_THE_BROWSER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def passkeys(page: Page) -> None:
    """A browser that keeps passkeys, and a finger that is always there."""
    browser: Any = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEYS_OF_THE_BROWSER})


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_out(page: Page) -> None:
    page.locator(".head-account summary").click()
    press(page, "Sign out")


def write_password(page: Page) -> None:
    page.locator("#id_password").fill(PASSWORD)
    press(page, "Confirm")


def test_with_a_code_from_the_mailbox(page: Page, live_server: Any, delegate: User) -> None:
    page.goto(f"{live_server.url}/en/account/login/?next=/en/directory/")
    page.get_by_role("link", name="E-mail me a code").click()
    page.locator("#id_email").fill(delegate.email)
    press(page, "Send the code")
    expect(page.locator("#id_code")).to_be_visible()
    page.locator("#id_code").fill(Notice.objects.get(to=delegate).details["code"])
    press(page, "Sign in")
    expect(page).to_have_url(f"{live_server.url}/en/directory/")


def test_an_app_is_set_up_and_asked_for_and_a_recovery_code_stands_in_for_it(
    page: Page, live_server: Any, sign_in: Callable[[User], None], delegate: User
) -> None:
    sign_in(delegate)
    page.goto(f"{live_server.url}/en/account/settings/")
    page.get_by_role("link", name="Set up an app").click()
    write_password(page)
    expect(page.locator("img.qr")).to_be_visible()
    assert page.locator("img.qr").evaluate("picture => picture.naturalWidth") > 0
    secret = page.locator(".token-key").inner_text()
    page.locator("#id_code").fill(app_code(secret))
    press(page, "Set up")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10

    sign_out(page)
    sign_in(delegate)
    page.locator("#id_code").fill(codes[0])
    press(page, "Sign in")
    expect(page).to_have_url(f"{live_server.url}/en/my/CHL/")


def test_a_passkey_is_added_and_signs_in_alone(
    page: Page, live_server: Any, passkeys: None, sign_in: Callable[[User], None], delegate: User
) -> None:
    # Browsers allow passkeys on localhost, but on no other address without HTTPS.
    home = live_server.url
    assert home.startswith("http://localhost:")
    sign_in(delegate)
    page.goto(f"{home}/en/account/passkeys/add/")
    write_password(page)
    page.locator("#id_name").fill("Office computer")
    press(page, "Add a passkey")
    expect(page).to_have_url(f"{home}/en/account/second-factor/codes/")

    sign_out(page)
    page.goto(f"{home}/en/account/login/?next=/en/directory/")
    press(page, "Sign in with a passkey")
    expect(page).to_have_url(f"{home}/en/directory/")

    sign_out(page)
    sign_in(delegate)
    press(page, "Use a passkey")
    expect(page).to_have_url(f"{home}/en/my/CHL/")

    page.goto(f"{home}/en/account/second-factor/")
    expect(page.get_by_role("heading", name="Office computer")).to_be_visible()
    page.get_by_role("link", name=re.compile("Remove")).click()
    write_password(page)
    press(page, "Remove the passkey")
    expect(page.get_by_role("heading", name="Office computer")).to_have_count(0)
