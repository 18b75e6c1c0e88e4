from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cbmportal.drafts.forms import keep_interrupted


class InterruptedFormMiddleware:
    """A form that is sent after the session has ended is not lost: sign in, and it is there as typed.

    It stands before the middleware that asks for signing in, and behind the one that knows forged forms.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], arguments: Any, keywords: Any
    ) -> HttpResponse | None:
        if request.method != "POST" or request.user.is_authenticated:
            return None
        if not request.path.startswith(reverse("my")):
            return None
        if keep_interrupted(request):
            text = _("You have been signed out. Sign in, and what you typed is in the form again.")
            messages.warning(request, text)
            return redirect_to_login(request.path)
        if request.FILES:
            text = _(
                "You have been signed out. A file cannot be kept: hand it in again once you are signed in."
            )
            messages.warning(request, text)
        return redirect_to_login(page_behind(request))


def page_behind(request: HttpRequest) -> str:
    """The page whose button was pressed, as far as the browser tells; a step itself cannot be opened."""
    came_from = urlsplit(request.headers.get("referer", ""))
    here = reverse("my")
    return (
        came_from.path if came_from.netloc == request.get_host() and came_from.path.startswith(here) else here
    )
