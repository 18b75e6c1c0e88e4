"""Who implements what, now or on a past day: evidence from the directory, the repository and the activities.

Counts are the same for everybody. Which states they are made of is told as far as the viewer may see the
evidence itself: who has named a contact, only to members of the directory.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any, NamedTuple

from django.db.models import CharField, Count, F, IntegerField, Min, QuerySet, Value
from django.db.models.functions import Cast

from cbmportal.history.models import events_of
from contacts.access import Viewer, portal
from contacts.models import Audience, Participation, ParticipationStatus, PointOfContact, State
from measures.models import Activity, Evidence, Measure
from policies.models import PolicySubmission

#: Reads the rows of a model: as they are, or as they were.
Reading = Callable[[Any], Any]


@dataclass(frozen=True)
class Implementation:
    """One measure: how many participating states implement it, and which of them the viewer may know."""

    measure: Measure
    count: int
    #: How many submissions, contacts or activities show it.
    records: int
    #: None where the viewer may not know any; a subset where some evidence is hidden from the viewer.
    states: frozenset[int] | None


@dataclass(frozen=True)
class Region:
    """The participating states and what they implement, measure by measure."""

    participating: frozenset[int]
    implementing: int
    measures: list[Implementation]

    def numbers_of(self, state: State) -> list[int]:
        """The measures that the viewer may know this state to implement."""
        return [one.measure.number for one in self.measures if state.pk in (one.states or ())]


class _Shown(NamedTuple):
    """That a state shows one kind of evidence, in how many records, and to whom that is known."""

    state: int
    evidence: str
    measure: int
    audience: str
    records: int


def region(viewer: Viewer, today: date) -> Region:
    """How far the measures are implemented on `today`, in four queries whatever there is to count."""
    measures = Measure.objects.visible_to(viewer).prefetch_related("texts")
    return _region(viewer, today, _as_it_is, {measure: measure.evidence for measure in measures})


def implemented_by(
    measures: Iterable[Measure],
    policies: Iterable[PolicySubmission],
    contacts: Iterable[PointOfContact],
    activities: Iterable[Activity],
) -> list[Measure]:
    """The measures that these records of one participating state are evidence for."""
    kinds = {contact.category for contact in contacts}
    if any(policy.counts for policy in policies):
        kinds.add(Evidence.POLICIES)
    reported = {activity.measure_id for activity in activities}
    return [one for one in measures if one.evidence in kinds or one.pk in reported]


def region_as_of(viewer: Viewer, day: date) -> Region | None:
    """The same as the portal had recorded it by the end of a past `day`, UTC; None before it recorded anything."""
    began = events_of(Measure).aggregate(at=Min("pgh_created_at"))["at"]
    if began is None or day < began.astimezone(UTC).date():
        return None
    kinds = dict(Measure.objects.as_of(day).values_list("pgh_obj_id", "evidence"))
    measures = Measure.objects.visible_to(viewer).filter(pk__in=kinds).prefetch_related("texts")
    return _region(
        viewer,
        day,
        lambda model: model.objects.as_of(day),
        {measure: kinds[measure.pk] for measure in measures},
    )


def _as_it_is(model: Any) -> Any:
    return model.objects.visible_to(portal())


def _region(viewer: Viewer, day: date, reading: Reading, kinds: Mapping[Measure, str]) -> Region:
    in_force = reading(Participation).in_force(day).filter(status=ParticipationStatus.PARTICIPATING)
    participating = frozenset(in_force.values_list("state_id", flat=True))
    shown = [one for one in map(_Shown._make, _evidence(reading)) if one.state in participating]
    return Region(
        participating,
        len({one.state for one in shown}),
        [_implementation(measure, kind, shown, viewer) for measure, kind in kinds.items()],
    )


def _implementation(measure: Measure, kind: str, shown: Iterable[_Shown], viewer: Viewer) -> Implementation:
    found = [one for one in shown if one.evidence == kind and one.measure in (0, measure.pk)]
    known = frozenset(one.state for one in found if viewer.sees(one.audience, one.state))
    told = viewer.member or kind in (Evidence.POLICIES, Evidence.ACTIVITIES)
    return Implementation(
        measure, len({one.state for one in found}), sum(one.records for one in found), known if told else None
    )


def _evidence(reading: Reading) -> QuerySet[Any, Any]:
    """One row for each state and kind of evidence, whoever asks: what is counted does not depend on that."""
    policies = reading(PolicySubmission).counting()
    contacts = reading(PointOfContact).active()
    return _rows(policies, Value(Evidence.POLICIES), Value(0), Value(Audience.PUBLIC)).union(
        _rows(contacts, F("category"), Value(0), Value(Audience.MEMBERS)),
        _rows(
            reading(Activity).filter(taken_back=False),
            Value(Evidence.ACTIVITIES),
            F("measure_id"),
            F("audience"),
        ),
    )


def _rows(records: QuerySet[Any, Any], evidence: Any, measure: Any, audience: Any) -> QuerySet[Any, Any]:
    text, number = CharField(), IntegerField()
    told = records.order_by().annotate(
        shown_by=Cast(evidence, text), shown_under=Cast(measure, number), shown_to=Cast(audience, text)
    )
    columns = ("state_id", "shown_by", "shown_under", "shown_to")
    found: QuerySet[Any, Any] = told.values(*columns).annotate(shown_in=Count("*"))
    return found.values_list(*columns, "shown_in")
