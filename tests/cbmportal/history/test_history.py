"""Every change leaves a trace, whoever makes it; and what was recorded by a day stays the answer for that day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import Error, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cbmportal.accounts.models import User
from cbmportal.history.models import Record
from cbmportal.history.services import recorded
from contacts.access import portal, viewer_of
from contacts.models import Participation, PointOfContact, SignedNote, State
from contacts.services import change_contact_details, curate
from tests.conftest import make_state

RECORDS = [model for model in apps.get_models() if issubclass(model, Record)]


def happened(event: Any, at: datetime) -> None:
    """Move an event to another time, as if the portal had recorded it then."""
    with pgtrigger.ignore(f"{event._meta.label}:append_only"):
        type(event).objects.filter(pk=event.pk).update(pgh_created_at=at)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_every_domain_table_keeps_every_column_of_every_change(model: type[Record]) -> None:
    event = model.events.rel.related_model
    left_out = {field.column for field in model._meta.concrete_fields} - {
        field.column for field in event._meta.concrete_fields
    }
    # A scan never changes; one copy of it is enough.
    assert left_out == ({"content"} if model is SignedNote else set())
    triggers = {trigger.name for trigger in model._meta.triggers}
    assert {"insert_insert", "update_update", "delete_delete"} <= triggers


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_the_triggers_are_in_the_database(model: type[Record], db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname ~"
            " '(insert_insert|update_update|delete_delete)'",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (3,)


def test_a_change_says_who_through_what_and_why(ana: PointOfContact, delegate: User) -> None:
    change_contact_details(
        contact=ana, changes={"phone": "+56221230009"}, by=viewer_of(delegate, via="api"), reason="New line"
    )
    event = ana.events.latest("pgh_id")
    assert event.pgh_label == "update"
    assert event.pgh_context == {"user": delegate.pk, "via": "api", "reason": "New line"}


def test_raw_sql_is_in_the_history_without_a_name(ana: PointOfContact, delegate: User) -> None:
    change_contact_details(contact=ana, changes={"phone": "+56221230009"}, by=viewer_of(delegate))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contacts_pointofcontact SET phone = '' WHERE id = %s", [ana.pk])
        cursor.execute("DELETE FROM contacts_pointofcontact WHERE id = %s", [ana.pk])
    events = PointOfContact.events.rel.related_model.objects.filter(pgh_obj_id=ana.pk).order_by("pgh_id")
    assert [(event.pgh_label, event.phone, event.pgh_context) for event in events[2:]] == [
        ("update", "", None),
        ("delete", "", None),
    ]


def test_a_refused_change_leaves_no_trace(ana: PointOfContact, delegate: User) -> None:
    before = ana.events.count()
    with pytest.raises(Error), recorded(by=viewer_of(delegate)):
        PointOfContact.objects.filter(pk=ana.pk).update(position="X", email="")
    assert ana.events.count() == before


@pytest.mark.parametrize("statement", ["UPDATE {} SET phone = ''", "DELETE FROM {}"])
def test_the_application_cannot_rewrite_history(ana: PointOfContact, statement: str) -> None:
    table = type(ana.events.first())._meta.db_table
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_a_row_entered_on_a_day_counts_from_that_day(chile: State) -> None:
    happened(chile.events.get(), datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC))
    assert list(State.objects.as_of(date(2026, 3, 9))) == []
    assert [state.iso3 for state in State.objects.as_of(date(2026, 3, 10))] == ["CHL"]


def test_a_day_ends_at_midnight_utc(chile: State) -> None:
    happened(chile.events.get(), datetime(2026, 3, 11, tzinfo=UTC))
    assert list(State.objects.as_of(date(2026, 3, 10))) == []
    assert State.objects.as_of(date(2026, 3, 11)).count() == 1


def test_a_deleted_row_stays_in_the_days_before(chile: State) -> None:
    pk = chile.pk
    happened(chile.events.get(), datetime(2026, 3, 10, tzinfo=UTC))
    chile.delete()
    events = State.events.rel.related_model.objects
    happened(events.get(pgh_obj_id=pk, pgh_label="delete"), datetime(2026, 3, 20, tzinfo=UTC))
    assert State.objects.as_of(date(2026, 3, 19)).count() == 1
    assert State.objects.as_of(date(2026, 3, 20)).count() == 0


def test_the_past_reads_with_the_same_adjectives(ana: PointOfContact) -> None:
    PointOfContact.objects.filter(pk=ana.pk).update(ended_on=ana.designated_on, end_reason="left")
    first, last = ana.events.order_by("pgh_id")
    happened(first, datetime(2026, 3, 10, tzinfo=UTC))
    happened(last, datetime(2026, 3, 20, tzinfo=UTC))
    assert PointOfContact.objects.as_of(date(2026, 3, 15)).active().count() == 1
    assert PointOfContact.objects.as_of(date(2026, 3, 20)).active().count() == 0
    assert PointOfContact.objects.as_of(date(2026, 3, 15)).visible_to(portal()).count() == 1


def test_as_of_must_come_first(chile: State) -> None:
    with pytest.raises(ValueError, match="as_of"):
        State.objects.filter(iso3="CHL").as_of(date(2026, 3, 10))


days = st.integers(min_value=0, max_value=9)
edits = st.lists(
    st.tuples(
        st.sampled_from(["add", "change", "backdate", "remove"]),
        st.sampled_from(["CHL", "COL"]),
        st.dates(min_value=date(1950, 1, 1), max_value=date(2030, 1, 1)),
        days,
    ),
    max_size=8,
)


class TestAsOf(TestCase):
    """Answers for a past day survive everything that is entered later, backdated or not."""

    FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)
    states: dict[str, State]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.states = {iso3: make_state(iso3) for iso3 in ("CHL", "COL")}

    @given(before=edits, after=edits)
    @settings(max_examples=settings().max_examples // 4, deadline=None)
    def test_later_edits_change_no_earlier_answer(self, before: list, after: list) -> None:
        asked = [date(2026, 1, day) for day in range(1, 11)]
        self.edit(before, first_day=0)
        answers = [self.answer(day) for day in asked]

        self.edit(after, first_day=10)

        assert [self.answer(day) for day in asked] == answers

    def answer(self, day: date) -> tuple[Any, ...]:
        known = Participation.objects.as_of(day)
        return (
            sorted(known.values_list("uuid", "status", "from_date", "until_date", "note")),
            sorted(known.in_force(day).values_list("uuid", flat=True)),
            sorted(State.objects.as_of(day).values_list("iso3", "capital")),
        )

    def edit(self, edits: list, first_day: int) -> None:
        events = Participation.events.rel.related_model.objects
        done = list(events.values_list("pk", flat=True))
        for kind, iso3, begins, day in sorted(edits, key=lambda edit: edit[3]):
            self.one_edit(kind, self.states[iso3], begins)
            for event in events.exclude(pk__in=done):
                happened(event, self.FIRST + timedelta(days=first_day + day))
                done.append(event.pk)

    def one_edit(self, kind: str, state: State, begins: date) -> None:
        spans = Participation.objects.filter(state=state)
        span = spans.first()
        if kind == "remove" and span:
            span.delete()
        elif kind == "change" and span:
            spans.filter(pk=span.pk).update(note=f"{span.note}x", status="suspended")
        elif kind == "backdate" and span:
            spans.filter(pk=span.pk).update(from_date=begins)
        elif not span:
            curate(
                Participation(state=state, status="participating", from_date=begins),
                by=portal(),
                reason="test",
            )
