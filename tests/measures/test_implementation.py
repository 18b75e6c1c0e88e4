"""Who implements what: what counts, on which day, and who learns which states it is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbmportal.accounts.models import User
from cbmportal.history.models import events_of
from contacts.access import VISITOR, Viewer, portal, viewer_of
from contacts.models import Participation, PointOfContact, State
from contacts.services import curate, end_contact
from measures.implementation import Region, region, region_as_of
from measures.models import Activity, Measure
from measures.services import report_activity
from policies.models import PolicySubmission
from policies.services import compile_policy, enter_received_policy
from tests.cbmportal.history.test_history import happened
from tests.measures.test_models import make_measure
from tests.policies.test_services import CONTENT

TODAY = date(2026, 6, 1)
EVIDENCE = ["policies", "cyber_policy", "foreign_affairs", "activities", "activities", "activities"]


@pytest.fixture
def six(db: None) -> list[Measure]:
    return [make_measure(number, evidence) for number, evidence in enumerate(EVIDENCE, 1)]


@pytest.fixture
def taking_part(chile: State, colombia: State, six: list[Measure]) -> None:
    for state in (chile, colombia):
        participate(state, since=date(1948, 1, 1))


def participate(state: State, *, since: date, until: date | None = None) -> None:
    row = Participation(state=state, status="participating", from_date=since, until_date=until)
    curate(row, by=portal(), reason="test")


def receive(state: State) -> None:
    enter_received_policy(
        state=state,
        by=portal(),
        reason="test",
        received_how="E-mail",
        received_on=date(2026, 1, 1),
        **CONTENT,
    )


def report(state: State, number: int, by: Viewer | None = None, **fields: Any) -> None:
    report_activity(
        state=state,
        by=by or portal(),
        reason="test",
        measure=Measure.objects.get(number=number),
        **{"title": "Taller", "language": "es", "date": "2026-03", "place": "Santiago", **fields},
    )


def counts(found: Region) -> list[int]:
    return [one.count for one in found.measures]


def test_nothing_shared_is_nothing_implemented(taking_part: None) -> None:
    assert counts(region(VISITOR, TODAY)) == [0, 0, 0, 0, 0, 0]


def test_each_measure_counts_its_own_evidence(
    taking_part: None, chile: State, colombia: State, make_contact: Callable[..., PointOfContact]
) -> None:
    receive(chile)
    make_contact(category="cyber_policy")
    make_contact(category="cyber_policy", state=colombia)
    make_contact(category="foreign_affairs", state=colombia)
    report(chile, 4)
    report(colombia, 6)
    found = region(VISITOR, TODAY)
    assert counts(found) == [1, 2, 1, 1, 0, 1]
    assert found.implementing == 2


def test_a_state_counts_once_whatever_it_has_shared(taking_part: None, chile: State) -> None:
    receive(chile)
    receive(chile)
    report(chile, 4)
    report(chile, 4, audience="members")
    assert counts(region(VISITOR, TODAY)) == [1, 0, 0, 1, 0, 0]


def test_what_the_secretariat_compiled_does_not_count(taking_part: None, chile: State) -> None:
    compile_policy(state=chile, by=portal(), reason="test", source_grade="official", **CONTENT)
    assert counts(region(portal(), TODAY))[0] == 0


def test_a_contact_whose_office_has_ended_does_not_count(taking_part: None, ana: PointOfContact) -> None:
    assert counts(region(VISITOR, TODAY))[1] == 1
    end_contact(contact=ana, on=date(2026, 5, 1), by=portal(), reason="left")
    assert counts(region(VISITOR, TODAY))[1] == 0


def test_only_states_participating_on_the_day_count(chile: State, six: list[Measure]) -> None:
    participate(chile, since=date(2000, 1, 1), until=TODAY)
    receive(chile)
    assert counts(region(VISITOR, date(2026, 5, 31)))[0] == 1
    assert counts(region(VISITOR, TODAY))[0] == 0
    assert region(VISITOR, TODAY).participating == frozenset()


def test_everybody_reads_the_same_counts(
    taking_part: None, chile: State, ana: PointOfContact, delegate: User
) -> None:
    report(chile, 5, audience="members")
    assert (
        counts(region(VISITOR, TODAY))
        == counts(region(viewer_of(delegate), TODAY))
        == counts(region(portal(), TODAY))
        == [0, 1, 0, 0, 1, 0]
    )


def test_which_states_have_named_contacts_is_for_members(
    taking_part: None, chile: State, ana: PointOfContact, neighbour: User, former: User
) -> None:
    def known(viewer: Viewer) -> frozenset[int] | None:
        return region(viewer, TODAY).measures[1].states

    assert known(VISITOR) is None
    assert known(viewer_of(former)) is None
    assert known(viewer_of(neighbour)) == {chile.pk}


def test_an_activity_for_members_does_not_tell_visitors_its_state(
    taking_part: None, chile: State, colombia: State, neighbour: User
) -> None:
    report(chile, 4, audience="members")
    report(colombia, 4)
    assert region(VISITOR, TODAY).measures[3].states == {colombia.pk}
    assert region(viewer_of(neighbour), TODAY).measures[3].states == {chile.pk, colombia.pk}


def test_the_numbers_of_a_state_are_those_the_viewer_may_know(
    taking_part: None, chile: State, ana: PointOfContact, neighbour: User
) -> None:
    receive(chile)
    assert region(VISITOR, TODAY).numbers_of(chile) == [1]
    assert region(viewer_of(neighbour), TODAY).numbers_of(chile) == [1, 2]


def test_it_takes_four_queries_whatever_there_is_to_count(
    taking_part: None, chile: State, colombia: State, ana: PointOfContact
) -> None:
    for state in (chile, colombia):
        receive(state)
        report(state, 4)
    with CaptureQueriesContext(connection) as queries:
        region(VISITOR, TODAY)
    assert len(queries) == 4


# On a past day ---------------------------------------------------------------------------------------------


def recorded_on(day: date) -> None:
    """Move all that has happened so far to noon of `day`, as if the portal had recorded it then."""
    for model in (Measure, Participation, PointOfContact, PolicySubmission, Activity):
        for event in events_of(model).filter(pgh_created_at__gte=datetime.now(UTC) - timedelta(days=1)):
            happened(event, datetime.combine(day, time(12), UTC))


@pytest.fixture
def march(taking_part: None, chile: State, ana: PointOfContact) -> date:
    """On 10 March the portal knew two states, a contact and a policy of one of them."""
    receive(chile)
    recorded_on(date(2026, 3, 10))
    return date(2026, 3, 10)


def asked(day: date, viewer: Viewer = VISITOR) -> Region:
    found = region_as_of(viewer, day)
    assert found
    return found


def test_before_the_portal_recorded_anything_there_are_no_figures(march: date) -> None:
    assert region_as_of(VISITOR, date(2026, 3, 9)) is None
    assert region_as_of(VISITOR, date(2019, 4, 24)) is None


@pytest.mark.django_db
def test_an_empty_portal_has_no_past() -> None:
    assert region_as_of(VISITOR, TODAY) is None


def test_a_past_day_keeps_its_answer_whatever_comes_later(
    march: date, chile: State, colombia: State, ana: PointOfContact
) -> None:
    receive(colombia)
    report(chile, 4, date="2026-03-01")
    end_contact(contact=ana, on=ana.designated_on, by=portal(), reason="left")
    Participation.objects.filter(state=colombia).update(until_date=date(2020, 1, 1))
    Measure.objects.filter(number=4).update(evidence="policies")
    make_measure(7, "policies")
    found = asked(march)
    assert counts(found) == [1, 1, 0, 0, 0, 0]
    assert [one.records for one in found.measures] == [1, 1, 0, 0, 0, 0]
    assert found.participating == {chile.pk, colombia.pk}
    assert counts(region(VISITOR, TODAY)) == [1, 0, 0, 1, 0, 0, 1]


def test_the_day_itself_decides_who_took_part(march: date, colombia: State) -> None:
    participation = Participation.objects.get(state=colombia)
    participation.until_date = date(2026, 3, 12)
    curate(participation, by=portal(), reason="test")
    recorded_on(date(2026, 3, 11))
    assert [len(asked(date(2026, 3, day)).participating) for day in (10, 11, 12)] == [2, 2, 1]


def test_of_the_past_too_only_members_learn_who_has_named_contacts(
    march: date, chile: State, neighbour: User
) -> None:
    report(chile, 4, audience="members")
    recorded_on(march)
    visitor, member = (asked(march, viewer) for viewer in (VISITOR, viewer_of(neighbour)))
    assert counts(visitor) == counts(member) == [1, 1, 0, 1, 0, 0]
    assert [one.states for one in visitor.measures[:4]] == [{chile.pk}, None, None, set()]
    assert [one.states for one in member.measures[:4]] == [{chile.pk}, {chile.pk}, set(), {chile.pk}]


def test_every_record_is_counted_as_evidence(taking_part: None, chile: State, colombia: State) -> None:
    for state in (chile, chile, colombia):
        receive(state)
    report(chile, 4)
    report(chile, 4, audience="members")
    assert [one.records for one in region(VISITOR, TODAY).measures] == [3, 0, 0, 2, 0, 0]


def test_the_past_takes_six_queries_whatever_there_is_to_count(march: date) -> None:
    with CaptureQueriesContext(connection) as queries:
        region_as_of(VISITOR, march)
    assert len(queries) == 6
