"""Who may call: everybody (DRF's AllowAny), members, or, for a view that does not say, the Secretariat."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from rest_framework import permissions
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from cbmportal.accounts.models import ApiToken
from contacts.access import Viewer, viewer_of
from contacts.access.second_factor import FIRST


def viewer_for(request: Request) -> Viewer:
    """The viewer behind a token or a session, computed once a request."""
    known = vars(request)
    if "portal_viewer" not in known:
        token = cast(ApiToken | None, request.auth)
        known["portal_viewer"] = viewer_of(request.user, via="api", token=token)
    viewer = cast(Viewer, known["portal_viewer"])
    if viewer.needs_second_factor:
        raise PermissionDenied(FIRST)
    return viewer


class MembersOnly(permissions.BasePermission):
    message = _("Your account has no current access to the directory. Ask your state or the Secretariat.")

    def has_permission(self, request: Request, view: Any) -> bool:
        return viewer_for(request).member


class SecretariatOnly(permissions.BasePermission):
    message = _("This is for the Secretariat only.")

    def has_permission(self, request: Request, view: Any) -> bool:
        return viewer_for(request).secretariat
