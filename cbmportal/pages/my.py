"""My state: what do I have to do?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cbmportal.accounts.models import User
from cbmportal.history.changes import ACTIONS, reason_in_words
from cbmportal.history.models import events_of
from contacts.access import Viewer, people_acting_for, states_represented
from contacts.entries import Entry, Freshness, entries
from contacts.models import ActStage, Category, FormalAct, Institution, PointOfContact, State
from contacts.my_views import state_represented
from contacts.requests import ViewerRequest
from measures.models import Activity
from policies.models import PolicySubmission, ReviewStatus

STAGES = (
    ReviewStatus.RETURNED,
    ReviewStatus.DRAFT,
    ReviewStatus.SUBMITTED,
    ReviewStatus.COMPILED,
    ReviewStatus.PUBLISHED,
    ReviewStatus.WITHDRAWN,
)
WANTS_CONFIRMATION = (Freshness.NEVER, Freshness.OVERDUE, Freshness.DUE)


@require_safe
def my(request: ViewerRequest) -> HttpResponse:
    """Leads everybody who signs in to where they have something to do."""
    viewer = request.viewer
    states = [] if viewer.secretariat else list(states_represented(viewer))
    if len(states) == 1:
        return redirect("my_state", states[0].iso3)
    return render(request, "my/start.html", {"states": sorted(states, key=lambda state: state.name)})


@require_safe
def my_state(request: ViewerRequest, iso3: str) -> HttpResponse:
    if iso3 != iso3.upper():
        return redirect("my_state", iso3.upper())
    state = state_represented(request, iso3)
    viewer = request.viewer
    contacts = (
        PointOfContact.objects.visible_to(viewer).filter(state=state).select_related("state", "institution")
    )
    found = entries(contacts, viewer)
    policies = list(PolicySubmission.objects.visible_to(viewer).filter(state=state))
    acts = list(FormalAct.objects.visible_to(viewer).filter(state=state).select_related("state", "outgoing"))
    context = {
        "state": state,
        "may_edit": viewer.may_edit(state) and not viewer.secretariat,
        "contacts": [entry for entry in found if entry.contact.is_active],
        "past_contacts": [entry for entry in found if not entry.contact.is_active],
        "stages": by_stage(policies),
        "acts": [act for act in acts if act.is_open],
        "closed_acts": [act for act in acts if not act.is_open],
        "activities": Activity.objects.kept_by(viewer).filter(state=state).select_related("measure"),
        "institutions": Institution.objects.visible_to(viewer).filter(state=state),
        "people": people_acting_for(state, viewer),
        "designates": viewer.may_designate(state),
        "latest": latest_changes(state, viewer),
        **attention(found, policies, acts, viewer),
    }
    return render(request, "my/state.html", context)


def attention(
    found: Iterable[Entry],
    policies: Iterable[PolicySubmission],
    acts: Iterable[FormalAct],
    viewer: Viewer,
) -> dict[str, Any]:
    """What waits for somebody of the state to act."""
    active = [entry for entry in found if entry.contact.is_active]
    covered = {entry.contact.category for entry in active}
    waiting = {
        "to_confirm": [entry for entry in active if entry.freshness in WANTS_CONFIRMATION],
        "missing": [category for category in Category if category not in covered],
        "returned_acts": [act for act in acts if act.stage == ActStage.RETURNED],
        "acts_to_submit": [
            act for act in acts if act.stage == ActStage.NOTE_ATTACHED and viewer.may_designate(act.state_id)
        ],
        "returned": [policy for policy in policies if policy.status == ReviewStatus.RETURNED],
        "compiled": [policy for policy in policies if policy.status == ReviewStatus.COMPILED],
    }
    return {**waiting, "nothing_waits": not any(waiting.values())}


def by_stage(policies: Iterable[PolicySubmission]) -> list[tuple[ReviewStatus, list[PolicySubmission]]]:
    groups: dict[str, list[PolicySubmission]] = {}
    for policy in policies:
        groups.setdefault(policy.status, []).append(policy)
    return [(stage, groups[stage]) for stage in STAGES if stage in groups]


# What has happened to the state's entries ------------------------------------------------------------------

#: The records that a state keeps, what each is called by, and where its history stands.
KEPT = (
    (PointOfContact, "full_name", "uuid", "my_contact_history"),
    (PolicySubmission, "title", "ref", "my_policy_history"),
    (Activity, "title", "uuid", "my_activity_history"),
    (Institution, "name", "uuid", "my_institution_history"),
)
LATEST = 6


@dataclass(frozen=True)
class Step:
    """One change of one entry, at a glance."""

    action: str
    kind: str
    name: str
    language: str
    at: datetime
    actor: str
    by_secretariat: bool
    reason: str
    address: str


def latest_changes(state: State, viewer: Viewer) -> list[Step]:
    """Who changed which entry of the state last, and why; the entry's own history says what."""
    if not viewer.represents(state):
        return []
    parts = [
        events_of(model)
        .filter(state=state)
        .annotate(
            step_place=Value(place),
            step_name=F(name),
            step_key=Cast(F(key), TextField()),
            # A title is in the language of its document; the names of people and offices are in none.
            step_language=F("language") if name == "title" else Value("", output_field=CharField()),
            step_actor=F("pgh_context__user"),
            step_reason=F("pgh_context__reason"),
        )
        .values_list(
            *("step_place", "pgh_label", "step_name", "step_key", "step_language"),
            *("pgh_created_at", "step_actor", "step_reason"),
        )
        .order_by()
        for place, (model, name, key, _address) in enumerate(KEPT)
    ]
    rows = list(parts[0].union(*parts[1:], all=True).order_by("-pgh_created_at")[:LATEST])
    people = User.objects.in_bulk({row[6] for row in rows if row[6] is not None})
    return [_step(state, row, people.get(row[6])) for row in rows]


def _step(state: State, row: tuple[Any, ...], person: User | None) -> Step:
    place, label, name, key, language, at, _user, reason = row
    model, *_names, address = KEPT[place]
    return Step(
        action=str(ACTIONS[label]),
        kind=str(model._meta.verbose_name),
        name=name,
        language=language,
        at=at,
        actor=str(person) if person else _("the portal itself"),
        by_secretariat=person is None or person.is_staff,
        reason=reason_in_words(reason or ""),
        address=reverse(address, args=[state.iso3, key]),
    )
