"""A delegate's work in a real browser: what is typed is never lost, and nothing is saved unseen."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from cbmportal.accounts.models import User
from cbmportal.drafts.models import Draft
from contacts.access import viewer_of
from contacts.models import PointOfContact
from contacts.services import change_contact_details
from policies.models import PolicySubmission
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[User], None]


def open_form(page: Page, live_server: Any, contact: PointOfContact) -> None:
    page.goto(f"{live_server.url}/en/my/CHL/contacts/{contact.uuid}/")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def position(contact: PointOfContact) -> str:
    contact.refresh_from_db()
    return contact.position


def test_a_session_that_ends_while_one_types_costs_nothing(
    page: Page, live_server: Any, sign_in: SignIn, delegate: User, ana: PointOfContact
) -> None:
    sign_in(delegate)
    open_form(page, live_server, ana)
    page.locator("#id_position").fill("Jefa de la unidad")
    page.context.clear_cookies(name="sessionid")
    save(page)
    expect(page.get_by_role("status")).to_contain_text("what you typed is in the form again")
    page.locator("input[type=email]").fill(delegate.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("You had been signed out. Your text is still here")).to_be_visible()
    expect(page.locator("#id_position")).to_have_value("Jefa de la unidad")
    assert position(ana) == "Head of unit"
    save(page)
    expect(page.get_by_role("status")).to_contain_text("are saved")
    assert position(ana) == "Jefa de la unidad"
    assert not Draft.objects.exists()


def test_signing_in_anew_in_another_tab_costs_nothing(
    page: Page, live_server: Any, sign_in: SignIn, delegate: User, ana: PointOfContact
) -> None:
    sign_in(delegate)
    open_form(page, live_server, ana)
    page.locator("#id_position").fill("Jefa")
    expect(page.locator(".kept")).to_contain_text("Saved as you type")
    other = page.context.new_page()
    other.goto(f"{live_server.url}/en/account/logout/")
    other.locator("main form button[type=submit]").first.click()
    other.goto(f"{live_server.url}/en/account/login/")
    other.locator("input[type=email]").fill(delegate.email)
    other.locator("input[type=password]").fill(PASSWORD)
    other.locator("main form button[type=submit]").first.click()
    save(page)
    expect(page.locator("#id_position")).to_have_value("Jefa")
    save(page)
    expect(page.get_by_role("status")).to_contain_text("are saved")


def test_what_is_typed_is_kept_as_one_types(
    page: Page, live_server: Any, sign_in: SignIn, delegate: User, ana: PointOfContact
) -> None:
    sign_in(delegate)
    open_form(page, live_server, ana)
    page.locator("#id_position").fill("Jefa de la un")
    expect(page.locator(".kept")).to_contain_text("Saved as you type")
    open_form(page, live_server, ana)
    expect(page.locator("#id_position")).to_have_value("Head of unit")
    page.get_by_role("link", name="Go on with it").click()
    expect(page.locator("#id_position")).to_have_value("Jefa de la un")
    page.get_by_role("button", name="Cancel").click()
    expect(page).to_have_url(f"{live_server.url}{ana.get_absolute_url()}")
    open_form(page, live_server, ana)
    expect(page.get_by_text("unsaved text")).to_have_count(0)


def test_a_look_through_the_eyes_of_others_before_saving_and_a_way_back_after(
    page: Page, live_server: Any, sign_in: SignIn, delegate: User, ana: PointOfContact
) -> None:
    sign_in(delegate)
    open_form(page, live_server, ana)
    page.locator("#id_phone_audience").select_option("secretariat")
    page.get_by_role("button", name="See how others would see it").click()
    expect(page.locator(".look-page")).not_to_contain_text("+56 2 2123 0001")
    page.get_by_role("button", name="Our state and the Secretariat").click()
    expect(page.locator(".look-page")).to_contain_text("+56 2 2123 0001")
    page.get_by_role("button", name="A visitor").click()
    expect(page.locator("main")).to_contain_text("not shown to them at all")
    page.get_by_role("button", name="Back to editing").click()
    expect(page.locator("#id_phone_audience")).to_have_value("secretariat")
    save(page)
    page.get_by_role("button", name="Undo this change").click()
    expect(page.get_by_role("status")).to_contain_text("again as they were before")
    ana.refresh_from_db()
    assert ana.phone_audience == "members"


@pytest.mark.parametrize("scripts", [True, False])
def test_the_second_of_two_chooses_with_and_without_scripts(
    browser: Browser, live_server: Any, delegate: User, designator: User, ana: PointOfContact, scripts: bool
) -> None:
    delegate.set_password(PASSWORD)
    delegate.save()
    page = browser.new_context(java_script_enabled=scripts).new_page()
    page.goto(f"{live_server.url}/en/account/login/?next=/en/my/CHL/contacts/{ana.uuid}/")
    page.locator("input[type=email]").fill(delegate.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.locator("#id_position").fill("Jefa")
    changes = {"position": "Directora", "mailbox": "nueva@example.org"}
    change_contact_details(contact=ana, changes=changes, by=viewer_of(designator))
    save(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Somebody else changed this entry")
    expect(alert).to_contain_text("nueva@example.org")
    page.get_by_label("Take mine").check()
    page.get_by_role("button", name="Save with these choices").click()
    expect(page.get_by_role("status")).to_contain_text("are saved")
    ana.refresh_from_db()
    assert (ana.position, ana.mailbox) == ("Jefa", "nueva@example.org")
    page.context.close()


def test_the_monthly_visit_confirms_all_contacts_and_submits_a_law(
    page: Page, live_server: Any, sign_in: SignIn, delegate: User, make_contact: Callable[..., PointOfContact]
) -> None:
    contacts = [make_contact(full_name=name) for name in ("Ana Ejemplo", "Berta Ejemplo")]
    sign_in(delegate)
    page.get_by_role("button", name="Nothing changed: confirm all ticked").click()
    expect(page.get_by_role("status")).to_contain_text("2 entries are confirmed")

    page.get_by_role("link", name="Share a policy or law").click()
    page.locator("#id_title").fill("Ley de prueba")
    page.locator("#id_kind").select_option("law")
    page.locator("#id_description").fill("Establece reglas de prueba.")
    page.locator("#id_responsible_institutions").fill("Ministerio de Pruebas")
    page.locator("#id_citation").fill("Diario Oficial 1, 2020")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("button", name="Save and submit").click()
    expect(page.get_by_role("status")).to_contain_text("is submitted")
    expect(page.locator("main")).to_contain_text("This is with the Secretariat")
    assert PolicySubmission.objects.get().status == "submitted"
    assert {PointOfContact.objects.get(pk=one.pk).confirmed_by for one in contacts} == {delegate}
