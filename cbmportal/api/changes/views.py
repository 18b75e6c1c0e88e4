import re

from django.core.signing import BadSignature
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from cbmportal.api.changes import cursors
from cbmportal.api.changes.feed import CursorExpired, changes_since
from cbmportal.api.problems import MEDIA_TYPE, problem
from cbmportal.api.resources import RESOURCES
from cbmportal.api.views import PortalView
from contacts.models import ReadVia
from contacts.reads import note_reading

USUAL, MOST = 200, 1000
SHAPE = {
    "type": "object",
    "properties": {
        "changes": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "kind": {"type": "string", "enum": list(RESOURCES)},
                    "id": {"type": "string", "description": _("The key in the address of the record.")},
                    "action": {"type": "string", "enum": ["upsert", "end"]},
                    "at": {"type": "string", "format": "date-time"},
                    "object": {
                        "type": "object",
                        "additionalProperties": True,
                        "description": _("The record as its list gives it; absent where it ends."),
                    },
                },
                "required": ["kind", "id", "action", "at"],
            },
        },
        "next": {"type": "string", "description": _("Where to go on: the next value of “since”.")},
        "more": {"type": "boolean", "description": _("Whether more can be had at once.")},
    },
    "required": ["changes", "next", "more"],
}
NUMBER = re.compile("[1-9][0-9]{0,3}", re.ASCII)


class Changes(PortalView):
    """What has changed since a cursor, as far as the caller sees it. Without a cursor: everything, from the beginning.

    Follow `next` until `more` is false; later, ask again with the last `next`. `end` says that a record is no
    longer there for the caller. A cursor that is too old, or of a database that was restored, is answered with 410.
    """

    permission_classes = [AllowAny]
    also_refuses = (410,)

    def parameters(self) -> set[str]:
        return {"since", "limit"}

    @extend_schema(
        parameters=[
            OpenApiParameter("since", str, description=_("The cursor that the last answer gave as “next”.")),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
                description=_("At most so many changes at once; there may be fewer."),
            ),
        ],
        responses=OpenApiResponse(SHAPE),
    )
    def get(self, request: Request) -> Response:
        try:
            told = changes_since(
                self._cursor(request), self.viewer, self._limit(request), lambda kind: _list(request, kind)
            )
        except CursorExpired:
            return self._start_anew(request)
        note_reading(viewer=self.viewer, states=told.states_read, via=ReadVia.API)
        return Response({"changes": told.changes, "next": cursors.written(told.next), "more": told.more})

    def _cursor(self, request: Request) -> cursors.Cursor | None:
        text = request.query_params.get("since")
        try:
            return None if text is None else cursors.read(text)
        except BadSignature as error:
            raise ValidationError({"since": [_("This is no cursor that the portal has given.")]}) from error

    def _limit(self, request: Request) -> int:
        text = request.query_params.get("limit", str(USUAL))
        if not NUMBER.fullmatch(text) or int(text) > MOST:
            raise ValidationError({"limit": [_("Give a whole number from 1 to %(most)d.") % {"most": MOST}]})
        return int(text)

    def _start_anew(self, request: Request) -> Response:
        body = problem(410) | {"start": reverse("api-changes", request=request)}
        return Response(body, status=410, content_type=MEDIA_TYPE)


def _list(request: Request, kind: str) -> str:
    address: str = reverse(f"api-{kind}-list", request=request)
    return address
