from django.utils.translation import gettext_lazy as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from cbmportal.accounts import tokens
from cbmportal.accounts.models import ApiToken, User
from cbmportal.accounts.tokens import UNKNOWN, note_use
from contacts.access import viewer_of


class TokenAuthentication(tokens.TokenAuthentication):
    """A token whose owner has no access left is as unknown as one that was revoked."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        known: tuple[User, ApiToken] | None = super().authenticate(request)
        if known is not None:
            owner, token = known
            viewer = viewer_of(owner, via="api", token=token)
            if not viewer.keeps_tokens:
                raise AuthenticationFailed(UNKNOWN)
            note_use(token)
            vars(request)["portal_viewer"] = viewer
        return known


class SessionAuthentication(authentication.SessionAuthentication):
    """The portal's own session; as everywhere, it changes nothing without its CSRF token."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise PermissionDenied(
                _("Send the CSRF token of your session in the header X-CSRFToken.")
            ) from error
