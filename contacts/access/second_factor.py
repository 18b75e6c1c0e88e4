"""Who must have a second factor, and what happens until they do.

Until then the gateway gives them no more than a visitor; this middleware leads them to setting one up.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cbmportal.accounts.second_factor import SETTING_UP

FIRST = _("Your account needs a second factor first. Set it up in the portal, on the page “Second factor”.")


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.viewer.needs_second_factor:
            return None
        if request.resolver_match.view_name in SETTING_UP:
            return None
        if request.path.startswith("/api/"):
            raise PermissionDenied(FIRST)
        return redirect("mfa_index")
