"""A delegate comes by an invitation and goes in one click, in a real browser."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Page, expect

from cbmportal.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "correct horse battery staple"


def test_a_delegate_is_invited_accepts_acts_and_is_retired(
    page: Page,
    browser: Any,
    live_server: Any,
    sign_in: Callable[[User], None],
    delivered: Callable[[], list[EmailMessage]],
    designator: User,
) -> None:
    sign_in(designator)
    page.goto(f"{live_server.url}/en/my/CHL/")
    page.get_by_role("link", name="Who acts for your state, and invitations").click()
    page.get_by_label("Full name").fill("Nora Nueva")
    page.get_by_label("E-mail address").fill("nora@example.org")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("status")).to_contain_text("the link is on its way to nora@example.org")

    letter = next(one for one in delivered() if one.to == ["nora@example.org"])
    link = re.search(r"/en/invitation/\S+", str(letter.body))
    assert link
    theirs = browser.new_context().new_page()
    theirs.goto(f"{live_server.url}{link[0]}")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Invitation for Chile")
    expect(theirs.get_by_text("Designator Chl invites you to act for Chile")).to_be_visible()
    theirs.locator("[name=password1]").fill(WORDS)
    theirs.locator("[name=password2]").fill(WORDS)
    theirs.get_by_role("button", name="Accept the invitation").click()
    expect(theirs.get_by_role("status")).to_contain_text("You now act for Chile.")
    theirs.goto(f"{live_server.url}/en/my/CHL/")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Chile")

    page.reload()
    page.get_by_role("link", name="Retire (Nora Nueva)").click()
    page.get_by_label("Reason").fill("New post")
    page.get_by_role("button", name="Retire now").click()
    expect(page.get_by_role("status")).to_contain_text("Nora Nueva no longer acts for your state")

    theirs.reload()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Sign in")
    theirs.goto(f"{live_server.url}{link[0]}")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("This invitation is no longer valid")
    theirs.context.close()
