"""A record's history in words, whoever wrote and through whatever."""

from datetime import date

import pytest
from django.db import connection
from django.utils.translation import override

from cbmportal.accounts.models import User
from cbmportal.history.changes import Difference, history_by_uuid, history_of, merged
from contacts.access import portal, viewer_of
from contacts.forms import CONTACT_WORDS
from contacts.models import PointOfContact
from contacts.services import (
    add_institution,
    change_contact_details,
    change_institution,
    confirm_contact,
    correct_contact,
    curate,
    end_contact,
)
from policies.models import PolicySubmission
from policies.services import draft_policy


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def told(change):
    return {one.label: (one.before, one.after) for one in change.differences}


def test_a_change_says_who_when_through_what_and_why(ana, delegate):
    change_contact_details(
        contact=ana, changes={"phone": "+56221230009"}, by=viewer_of(delegate), reason="New line"
    )
    newest = history_of(ana, CONTACT_WORDS)[0]
    assert (newest.actor, newest.via, newest.reason, newest.action_in_words) == (
        "Delegate Chl",
        "on a page of the portal",
        "New line",
        "Changed",
    )
    assert newest.differences == (Difference("phone", "telephone", "+56 2 2123 0001", "+56 2 2123 0009"),)
    assert newest.at == ana.events.latest("pgh_id").pgh_created_at


def test_the_first_entry_tells_every_field_that_was_filled_in_and_no_technical_one(ana):
    first = history_of(ana, CONTACT_WORDS)[-1]
    assert (first.action_in_words, first.actor, first.via) == (
        "Entered",
        "the portal itself",
        "by a command on the server",
    )
    labels = told(first)
    assert labels["category"] == ("", "Cyber policy")
    assert labels["state"] == ("", "Chile")
    assert labels["institution"] == ("", "Ministry of Tests")
    assert labels["languages spoken"] == ("", "Spanish, English")
    assert labels["designated on"] == ("", "15 January 2026")
    assert labels["do not use"] == ("", "no")
    assert labels["who sees the deputy"] == ("", "Our state and the Secretariat only")
    assert labels["duty hours"][1].startswith("Monday 09:00 to 17:00, Tuesday")
    assert set(labels) & {"version", "uuid", "ID", "entered on", "last changed on", "PGP public key"} == set()


def test_the_words_are_in_the_readers_language(ana):
    with override("fr"):
        first = history_of(ana)[-1]
        assert told(first)[str(PointOfContact._meta.get_field("state").verbose_name)] == ("", "Chili")


def test_a_correction_of_the_secretariat_is_told_with_its_reason(ana, officer):
    correct_contact(
        contact=ana,
        changes={"full_name": "Ana B. Ejemplo"},
        by=viewer_of(officer, via="admin"),
        reason="Typo",
    )
    newest = history_of(ana)[0]
    assert (newest.actor, newest.via, newest.reason) == (
        "Secretariat",
        "in the administration of the Secretariat",
        "Typo",
    )
    assert told(newest) == {"full name": ("Ana Ejemplo", "Ana B. Ejemplo")}


def test_raw_sql_shows_up_without_an_actor(ana):
    sql("UPDATE contacts_pointofcontact SET phone = '+56221230666' WHERE id = %s", ana.pk)
    newest = history_of(ana, CONTACT_WORDS)[0]
    assert (newest.actor, newest.via, newest.reason) == (
        "outside the portal, directly in the database",
        "",
        "",
    )
    assert told(newest) == {"telephone": ("+56 2 2123 0001", "+56 2 2123 0666")}


def test_a_command_is_told_as_one_whatever_it_calls_itself(chile):
    chile.capital = "Santiago"
    curate(chile, by=portal(via="reference"), reason="Reference data")
    assert history_of(chile)[0].via == "by a command on the server"


def test_a_record_deleted_by_raw_sql_can_still_be_read(ana):
    uuid = ana.uuid
    sql("DELETE FROM contacts_pointofcontact WHERE id = %s", ana.pk)
    newest, first = history_by_uuid(PointOfContact, uuid, CONTACT_WORDS)
    assert (newest.action_in_words, newest.actor) == (
        "Deleted",
        "outside the portal, directly in the database",
    )
    assert told(newest)["telephone"] == ("+56 2 2123 0001", "")
    assert told(first)["telephone"] == ("", "+56 2 2123 0001")


def test_an_account_that_was_deleted_has_still_acted(ana, delegate):
    change_contact_details(contact=ana, changes={"position": "Head"}, by=viewer_of(delegate))
    sql("DELETE FROM contacts_stategrant WHERE user_id = %s", delegate.pk)
    sql("DELETE FROM accounts_user WHERE id = %s", delegate.pk)
    assert not User.objects.filter(pk=delegate.pk).exists()
    assert history_of(ana)[0].actor == "an account that no longer exists"


def test_what_a_record_referred_to_may_be_gone(ana, ministry, chile):
    other = add_institution(state=chile, name="Office", by=portal(), reason="test")
    correct_contact(contact=ana, changes={"institution": other}, by=portal(), reason="Moved")
    correct_contact(contact=ana, changes={"institution": ministry}, by=portal(), reason="Back")
    sql("DELETE FROM contacts_institution WHERE id = %s", other.pk)
    assert told(history_of(ana)[0]) == {
        "institution": ("an entry that no longer exists", "Ministry of Tests")
    }


def test_a_confirmation_names_who_confirmed(ana, delegate):
    confirm_contact(contact=ana, by=viewer_of(delegate))
    newest = told(history_of(ana)[0])
    assert newest["confirmed by"] == ("", "Delegate Chl")
    assert set(newest) == {"confirmed by", "last confirmed"}


def test_an_end_is_told_in_words(ana):
    end_contact(contact=ana, on=date(2026, 3, 1), by=portal(), reason="Retired")
    assert told(history_of(ana)[0]) == {"ended on": ("", "1 March 2026"), "why it ended": ("", "Retired")}


def test_partial_dates_and_lists_of_lines_read_as_text(chile, delegate):
    policy = draft_policy(
        state=chile,
        by=viewer_of(delegate),
        title="Ley",
        language="es",
        kind="law",
        date="2018-06",
        date_kind="adoption",
        responsible_institutions=["Uno", "Dos"],
    )
    labels = told(history_of(policy)[0])
    assert labels["date"] == ("", "June 2018")
    assert labels["responsible institutions"] == ("", "Uno, Dos")
    assert labels["record number"] == ("", policy.ref)
    assert isinstance(policy, PolicySubmission)


def test_several_histories_read_as_one_by_time(ana, ministry):
    change_institution(institution=ministry, changes={"name": "Ministry"}, by=portal(), reason="Renamed")
    both = merged(history_of(ana), history_of(ministry))
    assert [change.subject for change in both] == ["institution", "point of contact", "institution"]


@pytest.mark.parametrize("changes", [3, 30])
def test_the_number_of_queries_does_not_grow_with_the_history(
    ana, ministry, chile, delegate, changes, django_assert_num_queries
):
    for number in range(changes):
        office = add_institution(state=chile, name=f"Office {number}", by=portal(), reason="test")
        correct_contact(contact=ana, changes={"institution": office}, by=portal(), reason="test")
        confirm_contact(contact=ana, by=viewer_of(delegate))
    with django_assert_num_queries(4):
        assert len(history_of(ana)) == 2 * changes + 1
