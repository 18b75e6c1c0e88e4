"""The three main journeys, from the first page to the last, as the person makes them."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from cbmportal.accounts.models import User
from contacts.access import viewer_of
from contacts.models import PointOfContact
from policies.models import PolicySubmission
from policies.services import draft_policy, submit_policy
from tests.policies.test_services import CONTENT

pytestmark = pytest.mark.django_db(transaction=True)


def read(address: str, key: str) -> Any:
    request = Request(address, headers={"Authorization": f"Token {key}"})
    with urlopen(request) as response:
        return json.load(response)


def test_a_delegate_keeps_their_states_entries(
    page: Page, live_server: Any, sign_in: Callable[[User], None], delegate: User, ana: PointOfContact
) -> None:
    sign_in(delegate)
    expect(page).to_have_url(f"{live_server.url}/en/my/CHL/")

    page.get_by_role("link", name=re.compile("Change the details")).first.click()
    page.locator("#id_phone").fill("2 2123 0009")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").or_(page.locator(".messages"))).to_be_visible()

    page.goto(f"{live_server.url}/en/directory/")
    expect(page.get_by_role("link", name="+56 2 2123 0009")).to_have_attribute("href", "tel:+56221230009")

    page.goto(f"{live_server.url}/en/my/CHL/contacts/{ana.uuid}/history/")
    newest = page.locator(".history > li").first
    expect(newest).to_contain_text(delegate.full_name)
    expect(newest.get_by_role("row").filter(has_text="Telephone")).to_contain_text("+56 2 2123 0009")

    page.goto(f"{live_server.url}/en/my/CHL/")
    page.get_by_role("link", name="Share a policy or law").click()
    page.locator("#id_title").fill("Ley de prueba")
    page.locator("#id_kind").select_option("law")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("button", name="Save and submit").click()
    expect(page.locator("#error-summary, .summary, [role=alert]").first).to_be_visible()
    page.locator("#id_description").fill("Establece reglas de prueba.")
    page.locator("#id_responsible_institutions").fill("Ministerio de Pruebas")
    page.locator("#id_citation").fill("Diario Oficial 1, 2020")
    page.get_by_role("button", name="Save and submit").click()
    expect(page.locator("main")).to_contain_text("Submitted")
    assert PolicySubmission.objects.get().status == "submitted"


def test_the_secretariat_curates_in_admin(
    page: Page,
    live_server: Any,
    sign_in: Callable[[User], None],
    officer: User,
    delegate: User,
    ana: PointOfContact,
) -> None:
    viewer = viewer_of(delegate)
    policy = submit_policy(policy=draft_policy(state=ana.state, by=viewer, **CONTENT), by=viewer)
    sign_in(officer)

    page.goto(f"{live_server.url}/admin/contacts/pointofcontact/{ana.pk}/change/")
    page.get_by_label("Full name", exact=False).first.fill("Ana María Ejemplo")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    page.get_by_label("Reason", exact=False).fill("The note verbale has the full name")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    ana.refresh_from_db()
    assert ana.full_name == "Ana María Ejemplo"

    page.goto(f"{live_server.url}/admin/contacts/pointofcontact/{ana.pk}/history/")
    expect(page.locator("#content")).to_contain_text("The note verbale has the full name")

    page.goto(f"{live_server.url}/admin/policies/policysubmission/{policy.pk}/change/")
    page.get_by_role("link", name=re.compile("^Publish")).click()
    page.get_by_role("button", name=re.compile("Publish")).click()
    page.goto(f"{live_server.url}/en/policies/{policy.ref}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ley de prueba")


def test_a_rest_client_pulls_the_directory(
    page: Page, live_server: Any, sign_in: Callable[[User], None], observer: User, ana: PointOfContact
) -> None:
    sign_in(observer)
    page.goto(f"{live_server.url}/en/account/tokens/")
    page.get_by_label("Name").fill("Nightly import")
    page.locator("main form button[type=submit]").first.click()
    key = page.locator(".token-key").inner_text().strip()

    contacts = read(f"{live_server.url}/api/v1/contacts/", key)
    assert [one["full_name"] for one in contacts["results"]] == ["Ana Ejemplo"]
    assert "mobile" not in contacts["results"][0]
    assert contacts["results"][0]["phone"] == "+56221230001"
    assert read(f"{live_server.url}/api/v1/states/", key)["count"] == 1

    page.goto(f"{live_server.url}/api/v1/docs/")
    expect(page.get_by_text("/api/v1/contacts/").first).to_be_visible()


def test_an_observer_finds_in_three_steps_whom_to_call_in_a_state_and_in_which_language(
    page: Page, live_server: Any, sign_in: Callable[[User], None], observer: User, ana: PointOfContact
) -> None:
    sign_in(observer)
    page.goto(f"{live_server.url}/en/")
    page.get_by_role("link", name="Directory", exact=True).click()
    page.wait_for_url("**/en/directory/")  # and until its scripts are there
    page.locator("#id_state").select_option("CHL")
    expect(page).to_have_url(re.compile("state=CHL"))
    expect(page.get_by_role("status")).to_contain_text("1 point of contact")
    expect(page.locator("#found")).to_contain_text("Spanish, English")
    expect(page.get_by_role("link", name="+56 2 2123 0001")).to_have_attribute("href", "tel:+56221230001")

    page.locator("#id_q").fill("nobody of this name")
    expect(page.get_by_role("status")).to_contain_text("0 points of contact")
    expect(page).to_have_url(re.compile("q=nobody"))
    page.go_back()
    expect(page).to_have_url(re.compile("q=&state=CHL"))
    expect(page.get_by_role("status")).to_contain_text("1 point of contact")
    page.goto(f"{live_server.url}/en/directory/{ana.uuid}/")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_role("link", name="+56 2 2123 0001")).to_be_in_viewport(ratio=1)
