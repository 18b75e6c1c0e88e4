from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cbmportal.accounts.forms import TokenForm
from cbmportal.accounts.models import ApiToken
from cbmportal.accounts.tokens import make_token


class MemberRequest(HttpRequest):
    """A request after contacts.access has said who looks; that room is to the right of this one."""

    viewer: Any
    user: Any


def _require_access(request: MemberRequest) -> None:
    if not request.viewer.member:
        raise PermissionDenied


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: MemberRequest) -> HttpResponse:
    """One's own tokens. A new key is in the answer to its making and nowhere else, so there is no redirect."""
    _require_access(request)
    form = TokenForm(request.POST if request.method == "POST" else None)
    key = ""
    if form.is_bound and form.is_valid():
        life = timedelta(days=form.cleaned_data["days"])
        _token, key = make_token(
            user=request.user, name=form.cleaned_data["name"], scope=form.cleaned_data["scope"], life=life
        )
        form = TokenForm()
    own = ApiToken.objects.filter(user=request.user).order_by("-created")
    return render(
        request, "account/tokens.html", {"form": form, "key": key, "tokens": own, "now": timezone.now()}
    )


@require_POST
def revoke_token(request: MemberRequest, digest: str) -> HttpResponse:
    _require_access(request)
    token = get_object_or_404(ApiToken, user=request.user, digest=digest)
    token.delete()
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("tokens")
