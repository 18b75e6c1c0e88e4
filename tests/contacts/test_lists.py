"""Rows of contacts that are kept: never older than their records, and to each viewer what this viewer may see."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from cbmportal import rows
from contacts.access import portal
from contacts.lists import listed
from contacts.models import PointOfContact
from contacts.services import (
    change_contact_details,
    change_institution,
    confirm_contact,
    curate,
    lift_do_not_use,
    mark_do_not_use,
)

READERS = ("neighbour", "delegate", "officer", "observer")
TEMPLATE = "contacts/_contact.html"


def read(viewer, at, with_state=True):
    contacts = PointOfContact.objects.visible_to(viewer).active().listed().in_the_order_of_states()
    return rows.written(TEMPLATE, listed(contacts, viewer, at, with_state=with_state))


def read_live(viewer, at):
    rows._KEPT.clear()
    return read(viewer, at)


def changed(contact, **changes):
    return change_contact_details(contact=contact, changes=changes, by=portal(), reason="test")


def institution(contact, **changes):
    change_institution(institution=contact.institution, changes=changes, by=portal(), reason="test")


def renamed(contact):
    contact.state.name_en = "Chile, renamed"
    curate(contact.state, by=portal(), reason="test")


CHANGES = {
    "details": lambda ana: changed(ana, phone="+56221239999"),
    "hours": lambda ana: changed(ana, duty_hours=dict.fromkeys("1234567", "00:00-24:00")),
    "an audience is narrowed": lambda ana: changed(ana, phone_audience="secretariat"),
    "an audience is opened": lambda ana: changed(ana, mobile_audience="members"),
    "a warning": lambda ana: mark_do_not_use(contact=ana, by=portal(), reason="Stolen"),
    "a confirmation": lambda ana: confirm_contact(contact=ana, by=portal(), reason="test"),
    "the institution's name": lambda ana: institution(ana, name="Ministry of Other Things"),
    "the institution's audience": lambda ana: institution(ana, audience="secretariat"),
    "the state's name": renamed,
    "raw SQL": lambda ana: PointOfContact.objects.filter(pk=ana.pk).update(position="Head of all"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_row_that_is_kept_is_what_would_be_written_now(cast, ana, noon, change):
    viewers = [cast.viewer(name) for name in READERS]
    before = [read(viewer, noon) for viewer in viewers]
    CHANGES[change](ana)
    after = [read(viewer, noon) for viewer in viewers]
    assert after == [read_live(viewer, noon) for viewer in viewers]
    assert before != after


def test_a_warning_that_is_lifted_is_gone(cast, ana, noon):
    before = read(cast.viewer("observer"), noon)
    mark_do_not_use(contact=ana, by=portal(), reason="Stolen")
    warned = read(cast.viewer("observer"), noon)
    lift_do_not_use(contact=PointOfContact.objects.get(), by=portal(), reason="Found again")
    assert "Stolen" in warned
    assert read(cast.viewer("observer"), noon) == before


@pytest.mark.parametrize("order", [READERS, READERS[::-1]])
def test_whoever_reads_first_leaves_nothing_to_others_that_they_may_not_see(cast, ana, noon, order):
    seen = {name: read(cast.viewer(name), noon) for name in order}
    assert {name for name in order if "tel:+56900000001" in seen[name]} == {"delegate", "officer"}
    assert seen == {name: read_live(cast.viewer(name), noon) for name in order}


def test_a_row_is_kept_for_a_minute_a_time_zone_a_language_and_a_list(cast, ana, noon):
    viewer = cast.viewer("observer")
    confirm_contact(contact=ana, by=portal(), reason="test", at=noon - timedelta(days=20, hours=11))
    first = read(viewer, noon)
    assert read(viewer, noon + timedelta(seconds=59)) == first
    others = {first, read(viewer, noon + timedelta(minutes=1)), read(viewer, noon, with_state=False)}
    with override("es"):
        others.add(read(viewer, noon))
    with timezone.override(ZoneInfo("America/Bogota")):
        others.add(read(viewer, noon))
    assert len(others) == 5


def test_a_row_tells_that_it_is_overdue_from_that_moment_on(cast, ana, noon):
    viewer, second = cast.viewer("observer"), timedelta(seconds=1)
    confirm_contact(contact=ana, by=portal(), reason="test", at=noon + second - timedelta(days=365))
    assert "Confirmation due soon" in read(viewer, noon)
    assert "Confirmation overdue" in read(viewer, noon + second)


def test_a_list_reads_everything_that_it_says_at_once(cast, ana, noon):
    viewer = cast.viewer("observer")
    with CaptureQueriesContext(connection) as queries:
        read_live(viewer, noon)
    assert len(queries) == 1
