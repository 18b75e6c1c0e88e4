from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.utils import passthrough_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cbmportal.accounts.devices import device
from cbmportal.accounts.forms import PreferencesForm
from cbmportal.accounts.models import ApiToken
from cbmportal.accounts.services import change_preferences, end_sessions, sessions_of

READ_AND_SEND = ["GET", "HEAD", "POST"]


class MemberRequest(HttpRequest):
    """A request after contacts.access has said who looks; that room is to the right of this one."""

    viewer: Any
    user: Any


def personal(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For accounts of one person: nobody in a duty room locks the others out or takes a key home."""

    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.viewer.shared:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


# Your account ----------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(READ_AND_SEND)
def account_settings(request: MemberRequest) -> HttpResponse:
    form = PreferencesForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        user = change_preferences(user=request.user, changes=form.cleaned_data, by=request.viewer)
        with translation.override(user.language):
            messages.success(request, _("Your settings are saved."))
            return redirect("account_settings")
    context = {
        "form": form,
        **factors(request),
        "sessions": sessions_of(request.user).count(),
        "tokens": ApiToken.objects.filter(user=request.user, expiry__gt=timezone.now()).count(),
    }
    return render(request, "account/settings.html", context)


def factors(request: MemberRequest) -> dict[str, Any]:
    """The authenticator app, if there is one, the passkeys and the recovery codes."""
    found = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    of_type = {kind: [one for one in found if one.type == kind] for kind in Authenticator.Type}
    codes = [one.wrap() for one in of_type[Authenticator.Type.RECOVERY_CODES]]
    return {
        "app": next(iter(of_type[Authenticator.Type.TOTP]), None),
        "passkeys": of_type[Authenticator.Type.WEBAUTHN],
        "has_codes": bool(codes),
        "codes_left": len(codes[0].get_unused_codes()) if codes else 0,
    }


@never_cache
@require_http_methods(["GET", "HEAD"])
def second_factors(request: MemberRequest) -> HttpResponse:
    return render(request, "mfa/index.html", factors(request))


# Where you are signed in -----------------------------------------------------------------------------------


@never_cache
@require_http_methods(READ_AND_SEND)
def sessions(request: MemberRequest) -> HttpResponse:
    """The list; sending its form ends all other sessions."""
    present = request.session.session_key
    if request.method == "POST":
        end_sessions(user=request.user, keep=present)
        messages.success(request, _("You are signed out everywhere else."))
        return redirect("usersessions_list")
    rows = [
        {
            "pk": one.pk,
            "device": device(one.user_agent),
            "present": one.session_key == present,
            "session": one,
        }
        for one in sessions_of(request.user)
    ]
    return render(request, "usersessions/list.html", {"sessions": rows})


@require_POST
def end_session(request: MemberRequest, pk: int) -> HttpResponse:
    present = request.session.session_key
    session = get_object_or_404(sessions_of(request.user).exclude(session_key=present), pk=pk)
    end_sessions(user=request.user, only_one=session.pk)
    messages.success(request, _("That session is ended."))
    return redirect("usersessions_list")


# Passkeys --------------------------------------------------------------------------------------------------


class SignInByPasskey(webauthn.LoginWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        super().form_invalid(form)
        back = passthrough_next_redirect_url(self.request, reverse("account_login"), "next")
        return HttpResponseRedirect(back)


class ReauthenticateByPasskey(webauthn.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        super().form_invalid(form)
        again = passthrough_next_redirect_url(self.request, self.request.path, "next")
        return HttpResponseRedirect(again)
