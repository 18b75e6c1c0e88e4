from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox import auth, crypto
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from cbmportal.accounts.models import ApiToken, User
from cbmportal.accounts.tokens import UNKNOWN, note_use
from contacts.access import Viewer
from contacts.access.callers import Caller, caller_with
from contacts.access.sessions import version_in_session, viewer_in_session


class Calling:
    """Who calls and of which version of the data the answer will be; asked for once a request, at most."""

    def __init__(self, viewer: Callable[[], Viewer], version: Callable[[], str]) -> None:
        self._viewer, self._version = viewer, version

    @cached_property
    def viewer(self) -> Viewer:
        return self._viewer()

    @cached_property
    def version(self) -> str:
        return self._version()


def calling(request: Request) -> Calling:
    known = vars(request._request)
    if "portal_calling" not in known:
        known["portal_calling"] = Calling(
            lambda: viewer_in_session(request.user, via="api"), lambda: version_in_session(request.user)
        )
    found: Calling = known["portal_calling"]
    return found


class TokenAuthentication(auth.TokenAuthentication):
    """Token, owner, what the owner may, and the version of the data, in one question."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        found: tuple[User, Caller] | None = super().authenticate(request)
        if found is None:
            return None
        user, caller = found
        known = Calling(lambda: caller.viewer, lambda: caller.account.version)
        vars(request._request)["portal_calling"] = known
        return user, caller.token

    def authenticate_credentials(self, token: bytes) -> tuple[User, Any]:
        now = timezone.now()
        caller = caller_with(crypto.hash_token(token.decode("utf-8", "replace")), now)
        # A token whose owner has no access left is as unknown as one that was revoked.
        if caller is None or not caller.viewer.keeps_tokens:
            raise AuthenticationFailed(UNKNOWN)
        note_use(caller.token, now)
        return caller.account.user, caller


class SessionAuthentication(authentication.SessionAuthentication):
    """The portal's own session; as everywhere, it changes nothing without its CSRF token."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise PermissionDenied(
                _("Send the CSRF token of your session in the header X-CSRFToken.")
            ) from error
