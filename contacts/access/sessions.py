"""Who asks in a session: the account behind it and the viewer that it makes of each request."""

from collections.abc import Callable
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from cbmportal.accounts.models import User
from cbmportal.history.version import data_version
from contacts.access import Viewer, viewer_of
from contacts.access.callers import Account, account_with


class PortalBackend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """Of a session, with one question for the account, what it may, and the version of the data."""
        account = account_with(user_id, timezone.now())
        if account is None:
            return None
        account.user.account = account  # type: ignore[attr-defined]
        return account.user


def _account(user: User | AnonymousUser) -> Account | None:
    return getattr(user, "account", None)


def viewer_in_session(user: User | AnonymousUser, *, via: str) -> Viewer:
    """The viewer behind a request's user, as known since the session was looked up."""
    account = _account(user)
    return account.viewer(via) if account else viewer_of(user, via=via)


def version_in_session(user: User | AnonymousUser) -> str:
    """A version of the data from no later than now, as known since the session was looked up."""
    account = _account(user)
    return account.version if account else data_version()


class ViewerMiddleware:
    """Sets `request.viewer`, computed when first asked for. The API sets its own, after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        via = "admin" if request.path.startswith("/admin/") else "page"
        request.viewer = SimpleLazyObject(lambda: viewer_in_session(request.user, via=via))
        return self.get_response(request)
