"""Who may call: everybody (DRF's AllowAny), members, or, for a view that does not say, the Secretariat."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import permissions
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from cbmportal.api.authentication import calling
from contacts.access import Viewer
from contacts.access.second_factor import FIRST


def viewer_for(request: Request) -> Viewer:
    """The viewer behind a token or a session, computed once a request."""
    _who = request.user  # whoever authenticates leaves word of who calls
    viewer = calling(request).viewer
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
