"""The portal as a WSGI application."""

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cbmportal.settings")


class PortalRequest(WSGIRequest):
    """Addresses and forms are UTF-8; a body that claims another encoding is of a kind that nothing here reads.

    Django would decode even the address by the name of any codec that a client sends, and fail outside of
    everything that answers errors.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            kind, parameters = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):
            kind, parameters = "", {}
        if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            kind, parameters = "", {}
        if not kind:
            meta["CONTENT_TYPE"] = ""
        self.content_type, self.content_params = kind, parameters


class Portal(WSGIHandler):
    request_class = PortalRequest


django.setup(set_prefix=False)
application = Portal()
