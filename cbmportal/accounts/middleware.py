import time
import zoneinfo
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

from cbmportal.accounts.receivers import SEEN_AT


class ReaderTimeZoneMiddleware:
    """Shows times in the reader's own time zone; visitors read UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
            return self.get_response(request)


class PrivatePagesMiddleware:
    """What somebody signed in was shown stays in no cache: not on the way, and not in a duty room's browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response


class WholePageMiddleware:
    """Who asks for a part of a page with htmx and is sent elsewhere goes there as a whole: to sign in again, mostly."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 302 and request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(response["Location"])
        return response


class DeskLanguageMiddleware:
    """The Secretariat's desk has no language in its addresses: it speaks the officer's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/admin/") and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class LastSeenMiddleware:
    """Where and when a session was last used, kept to the quarter of an hour so that reading does not write."""

    NOTED_EVERY = 15 * 60

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self.is_due(request):
            UserSession.objects.filter(session_key=request.session.session_key).update(
                last_seen_at=timezone.now(), ip=get_adapter().get_client_ip(request)
            )
        return self.get_response(request)

    def is_due(self, request: HttpRequest) -> bool:
        now = time.time()
        if now - request.session.get(SEEN_AT, 0) < self.NOTED_EVERY:
            return False
        request.session[SEEN_AT] = now
        return True
