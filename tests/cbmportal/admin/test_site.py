"""The first page of the desk: what waits, what others changed, and the lists in the order of the work."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cbmportal.accounts.models import User
from cbmportal.admin.latest import latest_changes
from cbmportal.admin.waiting import what_waits
from contacts.access import Right, grant_right, portal, viewer_of
from contacts.models import Participation, PointOfContact, State
from contacts.services import change_contact_details, confirm_contact, curate
from policies.services import compile_policy, draft_policy, submit_policy

CONTENT: dict[str, Any] = {
    "title": "Ley de prueba", "language": "es", "kind": "law", "description": "Sobre las pruebas.",
    "responsible_institutions": ["Ministerio"], "link": "https://example.org/ley",
}  # fmt: skip


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


def waits(officer: User) -> dict[str, int]:
    return {one.title: one.count for one in what_waits(viewer_of(officer), timezone.now())}


def test_where_nothing_waits_the_page_says_what_would(desk: Client, db: None) -> None:
    page = desk.get("/admin/")
    assert page.context["waiting"] == []
    assert "Nothing waits" in page.content.decode()


def test_submissions_wait_the_oldest_first(officer: User, delegate: User, chile: State) -> None:
    viewer = viewer_of(delegate)
    for title, day in (("Newer", 2), ("Older", 1)):
        draft = draft_policy(state=chile, by=viewer, **{**CONTENT, "title": title})
        submit_policy(policy=draft, by=viewer, at=datetime(2026, 1, day, tzinfo=UTC))
    (found,) = [
        one for one in what_waits(viewer_of(officer), timezone.now()) if one.title == "Submissions to review"
    ]
    assert [row.label for row in found.rows] == ["Older", "Newer"]
    assert found.count == 2


def test_contacts_wait_until_they_are_confirmed(officer: User, ana: PointOfContact) -> None:
    assert waits(officer)["Contacts to be confirmed"] == 1
    confirm_contact(contact=ana, by=portal(), reason="test")
    assert waits(officer)["Contacts to be confirmed"] == 0


def test_a_participating_state_waits_for_the_category_that_nobody_holds(
    officer: User, ana: PointOfContact, colombia: State
) -> None:
    for state in (ana.state, colombia):
        span = Participation(state=state, status="participating", from_date="2018-01-01")
        curate(span, by=portal(), reason="test")
    found = waits(officer)
    assert found["States without a contact: Cyber policy"] == 1
    assert found["States without a contact: Foreign affairs"] == 2


def test_compiled_records_wait_for_their_state(officer: User, chile: State) -> None:
    fields = {key: CONTENT[key] for key in ("title", "language", "kind", "link")}
    compile_policy(state=chile, source_grade="official", by=portal(), reason="test", **fields)
    assert waits(officer)["Compiled records no state has adopted"] == 1


def test_an_account_waits_for_access_and_a_grant_for_its_end(
    officer: User, make_user: Callable[..., User], chile: State
) -> None:
    user = make_user("new.person")
    assert waits(officer)["Accounts without access"] == 1
    for days, soon in ((90, 0), (5, 1)):
        until = timezone.now() + timedelta(days=days)
        grant_right(user=user, state=chile, right=Right.EDIT_ENTRIES, until=until, by=portal(), reason="test")
        found = waits(officer)
        assert (found["Accounts without access"], found["Rights on states that end soon"]) == (0, soon)


def test_every_count_is_that_of_the_list_it_leads_to(
    desk: Client, officer: User, ana: PointOfContact, colombia: State, make_user: Callable[..., User]
) -> None:
    make_user("new.person")
    curate(
        Participation(state=colombia, status="participating", from_date="2018-01-01"),
        by=portal(),
        reason="test",
    )
    until = timezone.now() + timedelta(days=5)
    person = make_user("someone")
    grant_right(
        user=person, state=colombia, right=Right.EDIT_ENTRIES, until=until, by=portal(), reason="test"
    )
    compile_policy(
        state=colombia, source_grade="official", by=portal(), reason="test",
        **{key: CONTENT[key] for key in ("title", "language", "kind", "link")},
    )  # fmt: skip
    found = [one for one in what_waits(viewer_of(officer), timezone.now()) if "?" in one.address]
    without = ("Access to the directory that ends soon", "Notices not delivered")
    assert {one.count for one in found if one.title not in without} == {1}
    for one in found:
        assert desk.get(one.address).context["cl"].result_count == one.count, one.title


def test_latest_changes_are_those_of_others(officer: User, delegate: User, ana: PointOfContact) -> None:
    change_contact_details(contact=ana, changes={"position": "Director"}, by=viewer_of(delegate))
    change_contact_details(contact=ana, changes={"position": "Head"}, by=viewer_of(officer), reason="test")
    (told,) = latest_changes(viewer_of(officer))
    assert (told.name, told.person, told.state) == (ana.full_name, delegate.full_name, "Chile")
    assert told.kind == "point of contact"


def test_the_first_page_asks_the_database_as_often_for_thirty_as_for_three(
    desk: Client, delegate: User, chile: State, make_contact: Callable[..., PointOfContact]
) -> None:
    def make(many: int) -> None:
        for n in range(many):
            contact = make_contact(full_name=f"Official {n}")
            change_contact_details(contact=contact, changes={"position": f"P {n}"}, by=viewer_of(delegate))
            draft = draft_policy(state=chile, by=viewer_of(delegate), **CONTENT)
            submit_policy(policy=draft, by=viewer_of(delegate))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get("/admin/").status_code == 200
        return len(captured)

    make(3)
    few = queries()
    assert few <= 12
    make(27)
    assert queries() == few


def test_the_lists_stand_in_the_order_of_the_work(desk: Client, db: None) -> None:
    apps = desk.get("/admin/").context["app_list"]
    assert [app["name"] for app in apps][:2] == ["Directory", "Repository"]
    assert apps[0]["models"][0]["object_name"] == "PointOfContact"
    everything = [model["object_name"] for app in apps for model in app["models"]]
    assert len(everything) == len(set(everything)) >= 18
