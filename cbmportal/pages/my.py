"""My state: what do I have to do?"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.access import Right, states_represented
from contacts.entries import Entry, Freshness, entries
from contacts.models import Category, Institution, PointOfContact, State, StateGrant
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
    context = {
        "state": state,
        "may_edit": viewer.may_edit(state) and not viewer.secretariat,
        "contacts": [entry for entry in found if entry.contact.is_active],
        "past_contacts": [entry for entry in found if not entry.contact.is_active],
        "stages": by_stage(policies),
        "activities": Activity.objects.visible_to(viewer).filter(state=state).select_related("measure"),
        "institutions": Institution.objects.visible_to(viewer).filter(state=state),
        "people": people_of(state),
        **attention(found, policies),
    }
    return render(request, "my/state.html", context)


def attention(found: Iterable[Entry], policies: Iterable[PolicySubmission]) -> dict[str, Any]:
    """What waits for somebody of the state to act."""
    active = [entry for entry in found if entry.contact.is_active]
    covered = {entry.contact.category for entry in active}
    waiting = {
        "to_confirm": [entry for entry in active if entry.freshness in WANTS_CONFIRMATION],
        "missing": [category for category in Category if category not in covered],
        "returned": [policy for policy in policies if policy.status == ReviewStatus.RETURNED],
        "compiled": [policy for policy in policies if policy.status == ReviewStatus.COMPILED],
    }
    return {**waiting, "nothing_waits": not any(waiting.values())}


def by_stage(policies: Iterable[PolicySubmission]) -> list[tuple[ReviewStatus, list[PolicySubmission]]]:
    groups: dict[str, list[PolicySubmission]] = {}
    for policy in policies:
        groups.setdefault(policy.status, []).append(policy)
    return [(stage, groups[stage]) for stage in STAGES if stage in groups]


def people_of(state: State) -> list[dict[str, Any]]:
    """Who acts for the state in the portal today, and since when."""
    grants = StateGrant.objects.current(timezone.now()).filter(content_object=state, user__is_active=True)
    people: dict[int, dict[str, Any]] = {}
    for grant in grants.select_related("user", "permission").order_by("user__full_name", "pk"):
        one = people.setdefault(
            grant.user_id, {"user": grant.user, "since": grant.since, "designates": False}
        )
        one["since"] = min(one["since"], grant.since)
        one["designates"] |= grant.permission.codename == Right.DESIGNATE
    return list(people.values())
