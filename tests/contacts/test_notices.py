"""Who is told what of the directory."""

from datetime import date

import pytest

from cbmportal.notices.models import Notice
from contacts.access import end_grant, portal, viewer_of
from contacts.models import Participation, StateGrant
from contacts.services import (
    add_institution,
    change_contact_details,
    change_institution,
    confirm_contact,
    correct_contact,
    curate,
    end_contact,
    lift_do_not_use,
    mark_do_not_use,
    record_check,
    register_contact,
)

DELEGATES = {"delegate.chl@example.org", "designator.chl@example.org"}
OFFICER = {"secretariat@example.org"}


@pytest.fixture(autouse=True)
def everybody(delegate, designator, neighbour, observer, former, inactive, officer, member):
    """All who could be told by mistake; the officer and Chile's two delegates want each notice at once."""
    for person in (delegate, designator, officer):
        person.notice_pace = "at_once"
        person.save()


@pytest.fixture
def own(delegate):
    return viewer_of(delegate)


@pytest.fixture
def desk(officer):
    return viewer_of(officer, via="admin")


def told():
    """Who is to be told what, and whether it is urgent."""
    found: dict[tuple[str, bool], set[str]] = {}
    for notice in Notice.objects.select_related("to"):
        found.setdefault((notice.kind, notice.urgent), set()).add(notice.to.email)
    return found


# Who is told -------------------------------------------------------------------------------------------------


def test_details_changed_by_a_delegate_are_told_to_colleagues_and_the_secretariat(ana, own):
    change_contact_details(contact=ana, changes={"phone": "+56221239999"}, by=own)
    assert told() == {("contact_changed", False): {"designator.chl@example.org"} | OFFICER}


def test_details_changed_by_the_secretariat_are_told_to_the_delegates(ana, desk):
    change_contact_details(contact=ana, changes={"phone": "+56221239999"}, by=desk, reason="A call")
    assert told() == {("contact_changed", False): DELEGATES}


def test_a_correction_is_told_to_the_delegates(ana, desk):
    correct_contact(contact=ana, changes={"full_name": "Ana Ejemplo Díaz"}, by=desk, reason="Note 7")
    assert told() == {("contact_corrected", False): DELEGATES}


def test_a_confirmation_is_told_to_colleagues(ana, own):
    confirm_contact(contact=ana, by=own)
    assert told() == {("contact_confirmed", False): {"designator.chl@example.org"}}


def test_what_the_secretariat_enters_checks_and_ends_is_told_to_the_delegates(chile, ministry, ana, desk):
    register_contact(
        state=chile,
        institution=ministry,
        by=desk,
        reason="Note 8",
        category="foreign_affairs",
        full_name="Carla Ejemplo",
        position="Director",
        email="carla@example.org",
        note_reference="Note 8",
        designated_on=date(2026, 1, 1),
    )
    record_check(contact=ana, result="reached", by=desk, reason="test")
    end_contact(contact=ana, on=date(2026, 2, 1), by=desk, reason="Note 9")
    assert told() == {
        ("contact_registered", False): DELEGATES,
        ("contact_checked", False): DELEGATES,
        ("contact_ended", False): DELEGATES,
    }


def test_a_warning_is_urgent_for_the_delegates_and_the_secretariat_and_so_is_its_end(ana, own):
    mark_do_not_use(contact=ana, by=own, reason="Lost")
    lift_do_not_use(contact=ana, by=own)
    others = {"designator.chl@example.org"} | OFFICER
    assert told() == {("contact_not_to_be_used", True): others, ("contact_usable_again", True): others}


def test_a_warning_by_an_officer_is_told_to_the_other_officers_too(ana, desk, make_user):
    make_user("colleague", is_staff=True)
    mark_do_not_use(contact=ana, by=desk, reason="Lost")
    assert told() == {("contact_not_to_be_used", True): DELEGATES | {"colleague@example.org"}}


def test_institutions_are_told_to_colleagues(chile, own):
    new = add_institution(state=chile, name="New agency", by=own)
    change_institution(institution=new, changes={"name": "Newer agency"}, by=own)
    colleague = {"designator.chl@example.org"}
    assert told() == {("institution_added", False): colleague, ("institution_changed", False): colleague}


def test_participation_is_told_to_the_delegates(chile, desk):
    status = Participation(state=chile, status="participating", from_date=date(2026, 1, 1))
    curate(status, by=desk, reason="Note 1")
    assert told() == {("participation_entered", False): DELEGATES}


def test_what_changes_nothing_is_told_to_nobody(ana, own):
    change_contact_details(contact=ana, changes={"phone": ana.phone}, by=own)
    assert told() == {}


@pytest.mark.parametrize("via", ["command", "demonstration"])
def test_what_a_command_writes_is_told_to_nobody(ana, delegate, via):
    mark_do_not_use(contact=ana, by=viewer_of(delegate, via=via), reason="Lost")
    lift_do_not_use(contact=ana, by=portal(), reason="Found")
    assert told() == {}


# What it says -----------------------------------------------------------------------------------------------


def test_the_state_reads_what_was_corrected_from_what_to_what_why_and_by_whom(ana, desk, delegate, delivered):
    changes = {"phone": "+56221239999"}
    correct_contact(contact=ana, changes=changes, by=desk, reason="Two digits were transposed")
    message = next(one for one in delivered() if one.to == [delegate.email])
    assert message.subject == "[CBM portal] Ana Ejemplo (Chile): entry corrected"
    assert "Secretariat, of the Secretariat, corrected the entry of Ana Ejemplo" in message.body
    assert "telephone: +56 2 2123 0001 → +56 2 2123 9999" in message.body
    assert "“Two digits were transposed”" in message.body
    assert f"http://localhost:8000/en/directory/{ana.uuid}/" in message.body
    assert "because you act for Chile" in message.body


def test_names_with_signs_are_written_as_they_are(chile, own, make_contact, designator, delivered):
    contact = make_contact(full_name="Ana O'Hara & Co <x>")
    confirm_contact(contact=contact, by=own)
    [message] = delivered()
    assert "Ana O'Hara & Co <x>" in message.body
    assert "Ana O&#x27;Hara &amp; Co &lt;x&gt;" in message.alternatives[0][0]


def test_each_reads_it_in_their_own_language_also_one_chosen_after_the_change(
    ana, own, designator, delivered
):
    mark_do_not_use(contact=ana, by=own, reason="Lost")
    designator.language = "fr"
    designator.save()
    message = next(one for one in delivered() if one.to == [designator.email])
    assert "http://localhost:8000/fr/directory/" in message.body
    assert "(Chili)" in message.subject


def test_of_two_changes_each_notice_tells_its_own(ana, own, designator, delivered):
    change_contact_details(contact=ana, changes={"phone": "+56221239999"}, by=own)
    change_contact_details(contact=ana, changes={"mailbox": "new@example.org"}, by=own)
    bodies = [one.body for one in delivered() if one.to == [designator.email]]
    assert [("telephone" in body, "mailbox" in body) for body in bodies] == [(True, False), (False, True)]


def test_whose_right_ended_meanwhile_is_not_told(ana, own, designator, officer, delivered):
    mark_do_not_use(contact=ana, by=own, reason="Lost")
    end_grant(StateGrant.objects.get(user=designator), by=portal(), reason="left")
    assert [one.to for one in delivered()] == [[officer.email]]
    assert Notice.objects.get(to=designator).withdrawn_at is not None


def test_who_is_no_officer_any_more_is_not_told(ana, own, officer, designator, delivered):
    mark_do_not_use(contact=ana, by=own, reason="Lost")
    officer.is_staff = False
    officer.save()
    assert [one.to for one in delivered()] == [[designator.email]]


def test_the_row_itself_holds_nothing_about_anybody(ana, own):
    change_contact_details(contact=ana, changes={"phone": "+56221239999"}, by=own)
    assert [notice.details for notice in Notice.objects.all()] == [{}, {}]
