"""Who implements what now: evidence from the directory, the repository and the reported activities.

Counts are the same for everybody. Which states they are made of is told as far as the viewer may see the
evidence itself: who has named a contact, only to members of the directory.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from contacts.access import Viewer, portal
from contacts.models import Audience, PointOfContact, State
from measures.models import Activity, Evidence, Measure
from policies.models import PolicySubmission


@dataclass(frozen=True)
class Implementation:
    """One measure: how many participating states implement it, and which of them the viewer may know."""

    measure: Measure
    count: int
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
    """That a state shows one kind of evidence, and to whom that is known."""

    state: int
    evidence: str
    measure: int
    audience: str

    def is_for(self, measure: Measure) -> bool:
        return self.evidence == measure.evidence and self.measure in (0, measure.pk)


def region(viewer: Viewer, today: date) -> Region:
    """How far the measures are implemented on `today`, in four queries whatever there is to count."""
    participating = frozenset(
        State.objects.visible_to(viewer).participating(today).values_list("pk", flat=True)
    )
    shown = [one for one in map(_Shown._make, _evidence()) if one.state in participating]
    measures = Measure.objects.visible_to(viewer).prefetch_related("texts")
    return Region(
        participating,
        len({one.state for one in shown}),
        [_implementation(measure, shown, viewer) for measure in measures],
    )


def _implementation(measure: Measure, shown: Iterable[_Shown], viewer: Viewer) -> Implementation:
    found = [one for one in shown if one.is_for(measure)]
    known = frozenset(one.state for one in found if viewer.sees(one.audience, one.state))
    told = viewer.member or measure.evidence in (Evidence.POLICIES, Evidence.ACTIVITIES)
    return Implementation(measure, len({one.state for one in found}), known if told else None)


def _evidence() -> QuerySet[Any, Any]:
    """One row for each state and kind of evidence, whoever asks: what is counted does not depend on that."""
    everything = portal()
    policies = PolicySubmission.objects.visible_to(everything).counting()
    contacts = PointOfContact.objects.visible_to(everything).active()
    activities = Activity.objects.visible_to(everything)
    return _rows(policies, Value(Evidence.POLICIES), Value(0), Value(Audience.PUBLIC)).union(
        _rows(contacts, F("category"), Value(0), Value(Audience.MEMBERS)),
        _rows(activities, Value(Evidence.ACTIVITIES), F("measure_id"), F("audience")),
    )


def _rows(records: QuerySet[Any, Any], evidence: Any, measure: Any, audience: Any) -> QuerySet[Any, Any]:
    text, number = CharField(), IntegerField()
    return records.order_by().values_list(
        "state_id", Cast(evidence, text), Cast(measure, number), Cast(audience, text)
    )
