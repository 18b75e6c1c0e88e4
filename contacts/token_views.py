"""API tokens: one's own, and, for whoever designates for a state, those of the people who act for it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cbmportal.accounts.models import ENDS_SOON, ApiToken
from cbmportal.accounts.views import READ_AND_SEND
from contacts.access import require
from contacts.access.tokens import make_own_token, revoke_token, tokens_acting_for
from contacts.models import State
from contacts.my_views import state_represented
from contacts.requests import ViewerRequest
from contacts.token_forms import RevokeForm, TokenForm


@never_cache
@require_http_methods(READ_AND_SEND)
def tokens(request: ViewerRequest) -> HttpResponse:
    """One's own tokens. A new key is in the answer to its making and nowhere else, so there is no redirect."""
    _require_access(request)
    form = TokenForm(request.POST if request.method == "POST" else None, viewer=request.viewer)
    made = _made(request, form) if form.is_valid() else None
    context = {
        "form": TokenForm(viewer=request.viewer) if made else form,
        "made": made[0] if made else None,
        "key": made[1] if made else "",
        "tokens": _listed(ApiToken.objects.filter(user_id=request.viewer.user_id)),
        "address": request.build_absolute_uri(reverse("api-contacts-list")),
    }
    return render(request, "account/tokens.html", context)


def _made(request: ViewerRequest, form: TokenForm) -> tuple[ApiToken, str] | None:
    now, typed = timezone.now(), form.cleaned_data
    return form.write(
        lambda: make_own_token(
            by=request.viewer, name=typed["name"], scope=typed["scope"], life=form.life_from(now), at=now
        )
    )


def _require_access(request: ViewerRequest) -> None:
    if not request.viewer.member:
        raise PermissionDenied


def _listed(rows: QuerySet[ApiToken]) -> QuerySet[ApiToken]:
    """The newest first; each says whether it has expired or ends soon."""
    now = timezone.now()
    marked: QuerySet[ApiToken] = rows.annotate(
        expired=Q(expiry__lte=now), soon=Q(expiry__lte=now + ENDS_SOON)
    )
    return marked.select_related("user").order_by("-created", "pk")


@never_cache
@require_http_methods(READ_AND_SEND)
def token_revoke(request: ViewerRequest, digest: str) -> HttpResponse:
    _require_access(request)
    token = get_object_or_404(ApiToken, user_id=request.viewer.user_id, digest=digest)
    if request.method == "POST":
        revoke_token(token=token, by=request.viewer)
        messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
        return redirect("tokens")
    return render(request, "account/token_revoke.html", {"token": token})


# Of a state -------------------------------------------------------------------------------------------------


@never_cache
@require_safe
def state_tokens(request: ViewerRequest, iso3: str) -> HttpResponse:
    state = _state_designated(request, iso3)
    found = _listed(tokens_acting_for(state, request.viewer))
    may_revoke = not request.viewer.secretariat
    return render(request, "my/tokens.html", {"state": state, "tokens": found, "may_revoke": may_revoke})


@never_cache
@require_http_methods(READ_AND_SEND)
def state_token_revoke(request: ViewerRequest, iso3: str, digest: str) -> HttpResponse:
    state = _state_designated(request, iso3)
    require(not request.viewer.secretariat)
    token = get_object_or_404(tokens_acting_for(state, request.viewer).select_related("user"), digest=digest)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _is_revoked(request, form, token):
        messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
        return redirect("my_tokens", iso3)
    return render(request, "my/token_revoke.html", {"form": form, "token": token, "state": state})


def _is_revoked(request: ViewerRequest, form: RevokeForm, token: ApiToken) -> bool:
    form.write(lambda: revoke_token(token=token, by=request.viewer, reason=form.cleaned_data["reason"]))
    return form.is_valid()


def _state_designated(request: ViewerRequest, iso3: str) -> State:
    """The state if the viewer designates for it; the Secretariat looks on, and revokes in the administration."""
    state = state_represented(request, iso3)
    require(request.viewer.may_designate(state))
    return state
