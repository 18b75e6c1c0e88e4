"""What the database itself refuses, whoever writes; and what an entry shows to whom."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cbmportal.accounts.models import User
from contacts import duty
from contacts.access import portal, viewer_of
from contacts.models import Institution, Participation, PointOfContact, State
from contacts.services import curate
from tests.conftest import Cast


def refused(change: Callable[[], Any]) -> bool:
    """Whether the database refuses the change, deferred rules included."""
    try:
        with transaction.atomic():
            change()
            connection.check_constraints()
    except Error:
        return True
    return False


@pytest.mark.parametrize(
    "fields",
    [
        {"category": "technical"},
        {"full_name": ""},
        {"position": ""},
        {"email": ""},
        {"email_audience": "public"},
        {"phone_audience": "everyone"},
        {"phone": "12345"},
        {"mobile": "+56 2 2345 6789"},
        {"deputy_phone": "+0123456789"},
        {"languages": ["xx"]},
        {"competences": ["military"]},
        {"duty_hours": {"8": "09:00-17:00"}},
        {"duty_hours": {"1": "9-17"}},
        {"duty_hours": {"1": 9}},
        {"duty_hours": []},
        {"ended_on": date(2026, 2, 1)},
        {"end_reason": "left"},
        {"ended_on": date(2020, 1, 1), "end_reason": "left"},
        {"do_not_use": True},
        {"do_not_use_reason": "rumours"},
        {"pgp_key": "key"},
        {"pgp_fingerprint": "A" * 40},
        {"pgp_key": "key", "pgp_fingerprint": "not hex"},
        {"check_result": "reached"},
        {"checked_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"checked_at": datetime(2026, 1, 1, tzinfo=UTC), "check_result": "perhaps"},
    ],
    ids=str,
)
def test_the_database_refuses_a_contact_with(ana: PointOfContact, fields: dict[str, Any]) -> None:
    assert refused(lambda: PointOfContact.objects.filter(pk=ana.pk).update(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"phone": "+56221230001;ext=12"},
        {"duty_hours": duty.ROUND_THE_CLOCK},
        {"duty_hours": {"5": "22:00-06:00"}},
        {"ended_on": date(2026, 2, 1), "end_reason": "left"},
        {"do_not_use": True, "do_not_use_reason": "the mailbox was taken over"},
        {"checked_at": datetime(2026, 1, 1, tzinfo=UTC), "check_result": "reached"},
    ],
    ids=str,
)
def test_the_database_takes_a_contact_with(ana: PointOfContact, fields: dict[str, Any]) -> None:
    assert not refused(lambda: PointOfContact.objects.filter(pk=ana.pk).update(**fields))


def test_a_contact_works_in_an_institution_of_its_own_state(ana: PointOfContact, colombia: State) -> None:
    elsewhere = Institution.objects.create(state=colombia, name="Ministry")
    assert refused(lambda: PointOfContact.objects.filter(pk=ana.pk).update(institution=elsewhere))


def test_a_state_is_known_by_its_codes(chile: State) -> None:
    assert refused(lambda: State.objects.filter(pk=chile.pk).update(iso3="Chl"))
    assert refused(lambda: State.objects.filter(pk=chile.pk).update(iso2="C1"))
    assert refused(lambda: State.objects.filter(pk=chile.pk).update(official_languages=["tlh"]))


def participate(state: State, begins: str, ends: str | None, status: str = "participating") -> Participation:
    return Participation.objects.create(state=state, status=status, from_date=begins, until_date=ends)


def test_spans_of_participation_may_touch_but_not_overlap(chile: State, colombia: State) -> None:
    participate(chile, "1948-01-01", "2000-01-01")
    assert not refused(lambda: participate(chile, "2000-01-01", None, "suspended"))
    assert refused(lambda: participate(chile, "1999-12-31", "2000-01-01"))
    assert refused(lambda: participate(chile, "2020-01-01", None))
    assert not refused(lambda: participate(colombia, "1948-01-01", None))


def test_participation_ends_after_it_begins_and_has_a_known_status(chile: State) -> None:
    assert refused(lambda: participate(chile, "2000-01-01", "2000-01-01"))
    assert refused(lambda: participate(chile, "2000-01-01", None, "hesitating"))


def test_the_day_participation_ends_no_longer_counts(chile: State) -> None:
    participate(chile, "1948-01-01", "2000-01-01")
    assert list(State.objects.participating(date(1999, 12, 31))) == [chile]
    assert list(State.objects.participating(date(2000, 1, 1))) == []
    assert list(State.objects.participating(date(1947, 12, 31))) == []
    assert [one.status for one in Participation.objects.in_force(date(1948, 1, 1))] == ["participating"]


def test_every_write_counts_a_version_raw_sql_too(ana: PointOfContact) -> None:
    before = ana.version
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contacts_pointofcontact SET position = 'Other' WHERE id = %s", [ana.pk])
    ana.refresh_from_db()
    assert ana.version == before + 1


# Who sees which details ---------------------------------------------------------------------------------

HIDDEN = {"mobile", "deputy_name", "deputy_email", "deputy_phone"}


@pytest.mark.parametrize("name", ["neighbour", "member", "observer", "duty_desk"])
def test_members_miss_what_is_for_the_secretariat(cast: Cast, ana: PointOfContact, name: str) -> None:
    seen = ana.as_seen_by(cast.viewer(name))
    shown = {*PointOfContact.DETAILS, "pgp_fingerprint", "pgp_expires_on", "institution"}
    assert set(seen) == shown - HIDDEN - set(PointOfContact.AUDIENCES)
    assert "+56900000001" not in str(seen)
    assert "Beto" not in str(seen)


@pytest.mark.parametrize("name", ["delegate", "designator", "officer"])
def test_the_state_itself_and_the_secretariat_see_everything(
    cast: Cast, ana: PointOfContact, name: str
) -> None:
    assert set(ana.as_seen_by(cast.viewer(name))) >= set(PointOfContact.DETAILS)


def test_who_sees_a_contact_at_all(cast: Cast, ana: PointOfContact) -> None:
    readers = {name for name in cast.people if PointOfContact.objects.visible_to(cast.viewer(name)).exists()}
    assert readers == set(cast.people) - {"visitor", "inactive", "former"}


def test_an_ended_contact_is_seen_by_its_state_and_the_secretariat_only(
    cast: Cast, ana: PointOfContact
) -> None:
    PointOfContact.objects.filter(pk=ana.pk).update(ended_on=ana.designated_on, end_reason="left")
    readers = {name for name in cast.people if PointOfContact.objects.visible_to(cast.viewer(name)).exists()}
    assert readers == {"delegate", "designator", "officer"}


@pytest.mark.parametrize("field", ["languages_audience", "duty_audience"])
def test_a_hidden_field_does_not_show_through_a_filter(
    ana: PointOfContact, delegate: User, neighbour: User, field: str
) -> None:
    monday = datetime(2026, 6, 1, 15, tzinfo=UTC)
    for audience, others_find in (("members", True), ("secretariat", False)):
        PointOfContact.objects.filter(pk=ana.pk).update(**{field: audience})
        for user, finds in ((delegate, True), (neighbour, others_find)):
            viewer = viewer_of(user)
            contacts = PointOfContact.objects.visible_to(viewer)
            found = (
                contacts.speaking("es", viewer)
                if field == "languages_audience"
                else contacts.on_duty(monday, viewer)
            )
            assert found.exists() is finds


def test_an_institution_is_seen_as_its_state_decided(cast: Cast, ministry: Institution) -> None:
    everyone = set(cast.people)
    own = {"delegate", "designator", "officer"}
    for audience, readers in (
        ("public", everyone),
        ("members", everyone - {"visitor", "inactive", "former"}),
        ("secretariat", own),
    ):
        Institution.objects.filter(pk=ministry.pk).update(audience=audience, mailbox_audience=audience)
        ministry.refresh_from_db()
        viewers = {name: cast.viewer(name) for name in cast.people}
        assert {n for n, v in viewers.items() if Institution.objects.visible_to(v).exists()} == readers
        assert {n for n, v in viewers.items() if "mailbox" in ministry.as_seen_by(v)} == readers


# Freshness and duty -------------------------------------------------------------------------------------


def test_an_entry_is_due_a_year_after_its_confirmation(ana: PointOfContact, noon: datetime) -> None:
    assert ana.is_overdue(noon)
    ana.confirmed_at = noon - timedelta(days=365)
    assert ana.is_overdue(noon)
    ana.confirmed_at = noon - timedelta(days=364)
    assert not ana.is_overdue(noon)
    ana.save()
    assert list(PointOfContact.objects.due(noon)) == []
    assert list(PointOfContact.objects.due(noon + timedelta(days=1))) == [ana]


clock = st.times().map(lambda time: time.strftime("%H:%M"))
span = st.one_of(
    st.tuples(clock, clock).filter(lambda pair: pair[0] != pair[1]).map("-".join), st.just("00:00-24:00")
)


class TestDuty(TestCase):
    @given(
        hours=st.dictionaries(st.sampled_from(duty.WEEKDAYS), span),
        zone=st.sampled_from(["America/Santiago", "America/St_Johns", "UTC", "America/Port-au-Prince"]),
        at=st.datetimes(
            min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)
        ),
    )
    @settings(max_examples=settings().max_examples * 3 // 2, deadline=None)
    def test_python_and_sql_agree_who_is_on_duty(
        self, hours: dict[str, str], zone: str, at: datetime
    ) -> None:
        duty.validate_duty_hours(hours)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT portal_is_on_duty(%s::jsonb, %s, %s)", [str(hours).replace("'", '"'), zone, at]
            )
            assert cursor.fetchone() == (duty.is_on_duty(hours, zone, at),)


@pytest.mark.parametrize(
    ("local", "on_duty"),
    [
        ("2026-06-05 21:59", False),  # Friday
        ("2026-06-05 22:00", True),
        ("2026-06-06 05:59", True),
        ("2026-06-06 06:00", False),
    ],
)
def test_a_night_shift_goes_on_past_midnight(local: str, on_duty: bool) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=UTC)
    assert duty.is_on_duty({"5": "22:00-06:00"}, "UTC", at) is on_duty


def test_on_duty_reads_the_contacts_own_clock(make_contact: Callable[..., PointOfContact]) -> None:
    make_contact(duty_hours={"1": "09:00-17:00"}, time_zone="America/Santiago")
    viewer = portal()
    opens = datetime(2026, 6, 1, 13, tzinfo=UTC)
    assert PointOfContact.objects.on_duty(opens, viewer).count() == 1
    assert PointOfContact.objects.on_duty(opens - timedelta(minutes=1), viewer).count() == 0


def test_an_institution_kept_from_a_viewer_is_neither_shown_nor_searched(
    ana: PointOfContact, neighbour: User, delegate: User
) -> None:
    Institution.objects.filter(pk=ana.institution_id).update(audience="secretariat")
    contact = PointOfContact.objects.select_related("institution").get()
    for user, found in ((delegate, True), (neighbour, False)):
        viewer = viewer_of(user)
        assert ("institution" in contact.as_seen_by(viewer)) is found
        assert PointOfContact.objects.visible_to(viewer).named("tests", viewer).exists() is found


def test_names_are_found_whatever_case_and_accents(make_contact: Callable[..., PointOfContact]) -> None:
    contact = make_contact(full_name="Íñigo Ejemplo", position="Señor Director")
    assert list(PointOfContact.objects.named("INIGO señor", portal())) == [contact]
    assert list(PointOfContact.objects.named("inigo nobody", portal())) == []
    assert list(PointOfContact.objects.named("100% _", portal())) == []


def test_curating_states_goes_through_one_service(chile: State) -> None:
    chile.capital = "Valparaíso"
    assert curate(chile, by=portal(), reason="test").version == 2


@pytest.mark.parametrize(
    ("model", "column", "code"),
    [
        (State, "official_languages", "es"),
        (PointOfContact, "languages", "es"),
        (PointOfContact, "competences", "policy"),
    ],
)
def test_a_list_names_nothing_twice_whoever_writes(
    ana: PointOfContact, model: Any, column: str, code: str
) -> None:
    assert refused(lambda: model.objects.update(**{column: [code, code]}))
    assert not refused(lambda: model.objects.update(**{column: [code]}))


@pytest.mark.parametrize("name", ["name_en", "name_es", "name_pt", "name_fr", "capital"])
def test_a_state_has_its_names_whoever_writes(chile: State, name: str) -> None:
    assert refused(lambda: State.objects.filter(pk=chile.pk).update(**{name: ""}))


def test_a_record_that_was_read_is_the_record_that_was_written(ana: PointOfContact) -> None:
    read = PointOfContact.objects.get()
    whole = {field.attname: getattr(ana, field.attname) for field in ana._meta.concrete_fields}
    assert {name: getattr(read, name) for name in whole} == whole
    assert (read == ana, read._state.adding, read._state.db) == (True, False, "default")


def test_what_was_not_read_is_read_when_it_is_asked_for(ana: PointOfContact) -> None:
    read = PointOfContact.objects.only("full_name").get()
    assert read.get_deferred_fields() >= {"position", "phone"}
    assert (read.full_name, read.position) == (ana.full_name, ana.position)
