"""The page that the link of an invitation leads to. Looking at it takes nothing: mail programs look too."""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cbmportal.accounts.models import User
from cbmportal.accounts.sign_in import SetPasswordForm, sign_in_first
from cbmportal.accounts.views import READ_AND_SEND
from cbmportal.forms import add_refusal
from contacts.access.invitation_mail import in_words, inviter_in_words
from contacts.access.invitations import (
    NoSuchInvitation,
    accept,
    account_of,
    invitation_behind,
    inviter,
    may_take,
)
from contacts.models import Invitation, InvitationKind
from contacts.requests import ViewerRequest


class Case(StrEnum):
    """How somebody with a link stands to the invitation."""

    NEW = "new"
    OWN = "own"
    SIGNED_OUT = "signed_out"
    SOMEBODY_ELSE = "somebody_else"
    CLOSED = "closed"
    UNSUITED = "unsuited"
    INVITER_GONE = "inviter_gone"


STATUS = {Case.SOMEBODY_ELSE: 403, Case.CLOSED: 403, Case.UNSUITED: 403, Case.INVITER_GONE: 410}


@dataclass
class Visit:
    request: ViewerRequest
    signed: str
    invitation: Invitation
    case: Case
    form: SetPasswordForm


@login_not_required
@never_cache
@require_http_methods(READ_AND_SEND)
def invitation(request: ViewerRequest, signed: str) -> HttpResponse:
    """What opens the invitation stands in the address of this page, so it is told to no other page."""
    try:
        response = _met(_visit(request, signed))
    except NoSuchInvitation:
        response = render(request, "invitations/none.html", status=404)
    response["Referrer-Policy"] = "strict-origin"
    return response


def _visit(request: ViewerRequest, signed: str) -> Visit:
    found = invitation_behind(signed, at=timezone.now())
    case = _case(request, found)
    person = User(email=found.email, full_name=found.full_name)
    sent = request.POST if request.method == "POST" and case is Case.NEW else None
    return Visit(request, signed, found, case, SetPasswordForm(person, sent))


def _case(request: ViewerRequest, found: Invitation) -> Case:
    account = account_of(found)
    if inviter(found, at=timezone.now()) is None:
        return Case.INVITER_GONE
    if request.user.is_authenticated and request.user != account:
        return Case.SOMEBODY_ELSE
    if account is None:
        return Case.NEW
    if not account.is_active:
        return Case.CLOSED
    if not may_take(account):
        return Case.UNSUITED
    return Case.OWN if request.user.is_authenticated else Case.SIGNED_OUT


def _met(visit: Visit) -> HttpResponse:
    accepted = _accepted(visit) if visit.request.method == "POST" else None
    if accepted is not None:
        return accepted
    context = {
        "invitation": visit.invitation,
        "sentence": in_words(visit.invitation),
        "inviter": inviter_in_words(visit.invitation),
        "case": visit.case.value,
        "form": visit.form,
    }
    return render(visit.request, "invitations/page.html", context, status=STATUS.get(visit.case, 200))


def _accepted(visit: Visit) -> HttpResponse | None:
    """Where to go on, if the invitation could be accepted from here."""
    if visit.case is Case.OWN:
        accept(signed=visit.signed, by=visit.request.viewer)
        _welcome(visit)
        return redirect(_place(visit.invitation))
    if visit.case is not Case.NEW or not visit.form.is_valid():
        return None
    try:
        user = accept(signed=visit.signed, password=visit.form.cleaned_data["password1"])
    except ValidationError as error:
        add_refusal(visit.form, error)
        return None
    _welcome(visit)
    return sign_in_first(visit.request, user, reverse("mfa_index"))


def _welcome(visit: Visit) -> None:
    state = visit.invitation.state.name
    text = (
        _("You may now read the directory.")
        if visit.invitation.kind == InvitationKind.CONTACT
        else _("You now act for %(state)s.") % {"state": state}
    )
    messages.success(visit.request, text)


def _place(found: Invitation) -> str:
    if found.kind == InvitationKind.CONTACT:
        return reverse("directory")
    return reverse("my_state", args=[found.state.iso3])
