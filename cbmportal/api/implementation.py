"""Who implements what, now or as the portal had recorded it by the end of a past day."""

from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from cbmportal.api.views import PortalView
from contacts.access import Viewer
from contacts.models import State
from measures.forms import AsOfForm
from measures.implementation import Implementation, Region, region, region_as_of
from measures.models import Measure

CODE = {"type": "string", "pattern": "^[A-Z]{3}$"}
FIGURE = {"type": ["integer", "null"], "minimum": 0}
SHAPE = {
    "type": "object",
    "properties": {
        "as_of": {
            "type": ["string", "null"],
            "format": "date",
            "description": _("The day asked for; null is now."),
        },
        "participating": {
            "type": ["array", "null"],
            "items": CODE,
            "description": _("The states that participate on that day; null before the portal's first day."),
        },
        "measures": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer", "minimum": 1},
                    "count": {**FIGURE, "description": _("How many participating states implement it.")},
                    "records": {
                        **FIGURE,
                        "description": _("How many submissions, contacts or activities show it."),
                    },
                    "states": {
                        "type": "array",
                        "items": CODE,
                        "description": _(
                            "Those states, as far as a member may know them; absent for all others."
                        ),
                    },
                },
                "required": ["number", "count", "records"],
            },
        },
    },
    "required": ["as_of", "participating", "measures"],
}


class ImplementationFigures(PortalView):
    """How many states implement each measure, and for members which. Before the portal's first day figures are null."""

    permission_classes = [AllowAny]

    def parameters(self) -> set[str]:
        return {"as_of"}

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "as_of",
                date,
                description=_("As recorded by the end of this day, UTC. Without it: as it is now."),
            )
        ],
        responses=OpenApiResponse(SHAPE),
    )
    def get(self, request: Request) -> Response:
        today = datetime.now(UTC).date()
        form = AsOfForm(request.query_params, today=today)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        day = form.cleaned_data["as_of"]
        found = region_as_of(self.viewer, day) if day else region(self.viewer, today)
        return Response({"as_of": day, **(_figures(found, self.viewer) if found else _none(self.viewer))})


def _figures(found: Region, viewer: Viewer) -> dict[str, Any]:
    codes = dict(State.objects.visible_to(viewer).order_by("iso3").values_list("pk", "iso3"))
    return {
        "participating": [code for pk, code in codes.items() if pk in found.participating],
        "measures": [_measure(one, codes, viewer) for one in found.measures],
    }


def _measure(one: Implementation, codes: dict[int, str], viewer: Viewer) -> dict[str, Any]:
    figures = {"number": one.measure.number, "count": one.count, "records": one.records}
    if not viewer.member:
        return figures
    return figures | {"states": [code for pk, code in codes.items() if pk in (one.states or ())]}


def _none(viewer: Viewer) -> dict[str, Any]:
    numbers = Measure.objects.visible_to(viewer).values_list("number", flat=True)
    return {
        "participating": None,
        "measures": [{"number": number, "count": None, "records": None} for number in numbers],
    }
