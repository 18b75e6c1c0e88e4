"""My state: what do I have to do?"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.access import Right, end_grant, grant_right, people_acting_for, portal, viewer_of
from contacts.models import StateGrant
from contacts.services import (
    add_institution,
    change_contact_details,
    confirm_contact,
    correct_contact,
    end_contact,
)
from measures.models import Evidence, Measure
from measures.services import report_activity
from policies.services import draft_policy


def page(browse, user, address="/en/my/CHL/"):
    return browse(user).get(address)


def test_one_state_is_gone_to_at_once(browse, delegate):
    assert page(browse, delegate, "/en/my/")["Location"] == "/en/my/CHL/"


def test_several_states_are_chosen_from(browse, delegate, colombia):
    grant_right(user=delegate, state=colombia, right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    answer = page(browse, delegate, "/en/my/")
    assert [state.iso3 for state in answer.context["states"]] == ["CHL", "COL"]
    assert "/en/my/COL/" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("observer", "You may read the directory"),
        ("member", "You may read the directory"),
        ("duty_desk", "You may read the directory"),
        ("officer", "You are signed in for the Technical Secretariat"),
        ("former", "Your account has no access at present"),
    ],
)
def test_everybody_else_is_told_what_they_can_do(request, browse, who, says):
    answer = page(browse, request.getfixturevalue(who), "/en/my/")
    assert answer.status_code == 200
    assert f"<h1>{says}</h1>" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("delegate", 200),
        ("designator", 200),
        ("officer", 200),
        ("neighbour", 404),
        ("member", 404),
        ("observer", 404),
        ("duty_desk", 404),
        ("former", 404),
        ("inactive", 302),
    ],
)
def test_the_page_of_a_state_is_for_those_who_act_for_it(request, browse, chile, who, status):
    assert page(browse, request.getfixturevalue(who)).status_code == status


def test_a_right_that_ends_ends_the_page_at_once(browse, delegate):
    client = browse(delegate)
    assert client.get("/en/my/CHL/").status_code == 200
    end_grant(StateGrant.objects.get(), by=portal(), reason="left")
    assert client.get("/en/my/CHL/").status_code == 404


def test_the_secretariat_reads_the_page_and_is_offered_nothing_to_change(browse, officer, ana):
    content = page(browse, officer).content.decode()
    assert "You see this page as the state sees it" in content
    assert "confirm/" not in content
    assert "/new/" not in content


def test_lower_case_leads_to_upper_case(browse, delegate):
    assert page(browse, delegate, "/en/my/chl/")["Location"] == "/en/my/CHL/"


@pytest.mark.parametrize("iso3", ["XXX", "C", "CHLX", "C%00L"])
def test_a_state_that_is_not_there_is_404(browse, delegate, iso3):
    assert page(browse, delegate, f"/en/my/{iso3}/").status_code == 404


def waits(answer):
    return {
        "to_confirm": [entry.contact.full_name for entry in answer.context["to_confirm"]],
        "missing": [str(category.value) for category in answer.context["missing"]],
    }


def test_what_waits_stands_first(browse, delegate, make_contact):
    confirmed = make_contact(full_name="Ana")
    overdue = make_contact(full_name="Berta")
    make_contact(full_name="Carla")
    for contact, days in ((confirmed, 1), (overdue, 400)):
        confirm_contact(contact=contact, by=portal(), reason="test", at=timezone.now() - timedelta(days=days))
    assert waits(page(browse, delegate)) == {
        "to_confirm": ["Berta", "Carla"],
        "missing": ["foreign_affairs"],
    }


def test_an_ended_contact_covers_no_category_and_waits_for_nothing(browse, delegate, make_contact):
    make_contact()
    ana = make_contact(category="foreign_affairs")
    end_contact(contact=ana, on=ana.designated_on, by=portal(), reason="Retired")
    assert waits(page(browse, delegate))["missing"] == ["foreign_affairs"]
    assert [entry.contact for entry in page(browse, delegate).context["past_contacts"]] == [ana]


def test_when_nothing_waits_the_page_says_so(browse, delegate, make_contact):
    for category in ("cyber_policy", "foreign_affairs"):
        confirm_contact(contact=make_contact(category=category), by=viewer_of(delegate))
    assert "Nothing waits for you" in page(browse, delegate).content.decode()


def test_the_page_names_who_acts_for_the_state(browse, delegate, designator, former, inactive, neighbour):
    grant_right(user=designator, state=delegate_state(), right=Right.EDIT_ENTRIES, by=portal(), reason="test")
    people = page(browse, delegate).context["people"]
    assert [(one.person.full_name, one.designates) for one in people] == [
        ("Delegate Chl", False),
        ("Designator Chl", True),
    ]


def delegate_state():
    return StateGrant.objects.get(user__email="delegate.chl@example.org").content_object


def test_the_number_of_queries_does_not_grow_with_the_entries(
    browse, delegate, make_contact, make_user, chile
):
    client = browse(delegate)
    measure = Measure.objects.create(number=4, evidence=Evidence.ACTIVITIES, adopted_on="2022-01-01")
    viewer = viewer_of(delegate)

    def fill(numbers):
        for number in numbers:
            make_contact(full_name=f"Contact {number}")
            add_institution(state=chile, name=f"Office {number}", by=viewer)
            draft_policy(state=chile, by=viewer, title="Ley", language="es", kind="law")
            report_activity(
                state=chile,
                by=viewer,
                measure=measure,
                title="Curso",
                language="es",
                date="2025",
                place="Santiago",
            )
            user = make_user(f"delegate.{number}")
            grant_right(user=user, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="test")

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get("/en/my/CHL/").status_code == 200
        return len(found)

    fill(range(3))
    at_3 = queries()
    fill(range(3, 30))
    assert queries() == at_3


# The latest changes at a glance ---------------------------------------------------------------------------


def test_the_latest_changes_say_who_and_why_and_which_were_the_secretariats(
    browse, delegate, designator, officer, ana
):
    change_contact_details(contact=ana, changes={"position": "Chief"}, by=viewer_of(designator))
    correct_contact(contact=ana, changes={"phone": "+56221230008"}, by=viewer_of(officer), reason="A digit")
    add_institution(state=ana.state, name="Office", by=viewer_of(delegate))
    answer = page(browse, delegate)
    assert [
        (step.action, step.name, step.actor, step.by_secretariat, step.reason)
        for step in answer.context["latest"][:3]
    ] == [
        ("Entered", "Office", "Delegate Chl", False, ""),
        ("Changed", "Ana Ejemplo", "Secretariat", True, "A digit"),
        ("Changed", "Ana Ejemplo", "Designator Chl", False, ""),
    ]
    client = browse(delegate)
    assert {client.get(step.address).status_code for step in answer.context["latest"]} == {200}


def test_changes_of_another_state_are_not_among_them(browse, neighbour, ana):
    assert page(browse, neighbour, "/en/my/COL/").context["latest"] == []


@pytest.mark.parametrize("who", ["neighbour", "member", "observer", "visitor"])
def test_who_acts_for_a_state_is_told_to_its_own_people_alone(cast, chile, delegate, who):
    assert people_acting_for(chile, cast.viewer(who)) == []
    assert [one.person for one in people_acting_for(chile, cast.viewer("officer"))] == [delegate]
