"""Who acts for my state: the list for all of its people; inviting and retiring for its designating authorities."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cbmportal.accounts.views import READ_AND_SEND
from contacts.access import Representative, Viewer, people_acting_for, require
from contacts.access.invitations import invite, resend, revoke
from contacts.access.people import retire
from contacts.models import Invitation, InvitationKind, State
from contacts.my_views import state_represented, tell_refusal
from contacts.people_forms import InviteForm, RetireForm
from contacts.requests import ViewerRequest


@never_cache
@require_http_methods(READ_AND_SEND)
def people(request: ViewerRequest, iso3: str) -> HttpResponse:
    """Sending its form invites a delegate."""
    state = state_represented(request, iso3)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(_may_manage(request.viewer, state))
        if form.is_valid() and (invited := _invite(request, state, form)):
            text = _("%(name)s is invited: the link is on its way to %(email)s.")
            messages.success(request, text % {"name": invited.full_name, "email": invited.email})
            return redirect("my_people", iso3)
    return render(request, "my/people.html", {"form": form, **_context(request, state)})


def _context(request: ViewerRequest, state: State) -> dict[str, Any]:
    viewer, now = request.viewer, timezone.now()
    found = people_acting_for(state, viewer, now)
    invitations = Invitation.objects.visible_to(viewer).unanswered().filter(state=state)
    return {
        "state": state,
        "people": [(one, _may_retire(viewer, state, one)) for one in found],
        "authorities": [one.person for one in found if one.designates],
        "invitations": [
            (one, one.is_open(now)) for one in invitations.select_related("invited_by").order_by("-pk")
        ],
        "may_manage": _may_manage(viewer, state),
        "sees_more": viewer.may_designate(state),
    }


def _may_manage(viewer: Viewer, state: State) -> bool:
    """The Secretariat looks on here; it invites and retires in the administration."""
    return viewer.may_designate(state) and not viewer.secretariat


def _may_retire(viewer: Viewer, state: State, one: Representative) -> bool:
    return _may_manage(viewer, state) and not one.designates


def _invite(request: ViewerRequest, state: State, form: InviteForm) -> Invitation | None:
    return form.write(
        lambda: invite(state=state, kind=InvitationKind.DELEGATE, by=request.viewer, **form.cleaned_data)
    )


@never_cache
@require_http_methods(READ_AND_SEND)
def person_retire(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    """Named by a grant; whoever is an authority has no such page."""
    state = _state_managed(request, iso3)
    person = _delegate_with(request, state, uuid).person
    form = RetireForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        form.write(lambda: retire(user=person, state=state, by=request.viewer, reason=reason))
        if form.is_valid():
            text = _("%(name)s no longer acts for your state, and has been told.")
            messages.success(request, text % {"name": person.full_name})
            return redirect("my_people", iso3)
    return render(request, "my/person_retire.html", {"form": form, "person": person, "state": state})


def _delegate_with(request: ViewerRequest, state: State, uuid: UUID) -> Representative:
    for one in people_acting_for(state, request.viewer):
        if any(grant.uuid == uuid for grant in one.grants) and not one.designates:
            return one
    raise Http404


def _state_managed(request: ViewerRequest, iso3: str) -> State:
    state = state_represented(request, iso3)
    require(_may_manage(request.viewer, state))
    return state


# Invitations that wait for an answer ----------------------------------------------------------------------


@require_POST
def invitation_resend(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    text = _("The invitation of %(name)s is sent again; the link that was sent before is dead.")
    return _step(request, iso3, uuid, resend, text)


@require_POST
def invitation_revoke(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    text = _("The invitation of %(name)s is revoked: its link opens nothing any more.")
    return _step(request, iso3, uuid, revoke, text)


def _step(
    request: ViewerRequest, iso3: str, uuid: UUID, service: Callable[..., Invitation], text: str
) -> HttpResponse:
    state = _state_managed(request, iso3)
    invitations = Invitation.objects.visible_to(request.viewer).filter(state=state)
    invitation: Invitation = get_object_or_404(invitations, uuid=uuid)
    try:
        service(invitation=invitation, by=request.viewer)
    except ValidationError as error:
        tell_refusal(request, error)
    else:
        messages.success(request, text % {"name": invitation.full_name})
    return redirect("my_people", iso3)
