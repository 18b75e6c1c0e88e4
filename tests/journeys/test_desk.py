"""An officer's morning: a queue of ten submissions, cleared without leaving it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cbmportal.accounts.models import User
from contacts.access import viewer_of
from contacts.models import State
from policies.models import PolicySubmission
from policies.services import draft_policy, submit_policy
from tests.policies.test_services import CONTENT

pytestmark = pytest.mark.django_db(transaction=True)
#: One for the link on the first page, one for each to publish, three for each to return.
FEWEST = 1 + 8 * 1 + 2 * 3


def test_an_officer_clears_a_queue_of_ten_without_leaving_it(
    page: Page, live_server: Any, sign_in: Callable[[User], None], officer: User, delegate: User, chile: State
) -> None:
    viewer = viewer_of(delegate)
    for n in range(10):
        draft = draft_policy(state=chile, by=viewer, **{**CONTENT, "title": f"Ley número {n}"})
        submit_policy(policy=draft, by=viewer)
    clicks = 0

    def click(what: Any) -> None:
        nonlocal clicks
        clicks += 1
        what.click()

    sign_in(officer)
    page.goto(f"{live_server.url}/admin/")
    click(page.get_by_role("link", name="Begin the review"))
    for left in range(10, 0, -1):
        expect(page.get_by_text(re.compile(rf"submission 1 of {left} "))).to_be_visible()
        assert "/policysubmission/review/" in page.url
        if left % 5:
            click(page.get_by_role("button", name="Publish"))
            continue
        click(page.get_by_text("Return with a comment"))
        click(page.get_by_role("checkbox").first)
        click(page.get_by_role("button", name="Return to the state"))
    expect(page.get_by_role("heading", name="Nothing waits for review")).to_be_visible()
    assert clicks == FEWEST
    stages = sorted(PolicySubmission.objects.values_list("status", flat=True))
    assert stages == ["published"] * 8 + ["returned"] * 2
