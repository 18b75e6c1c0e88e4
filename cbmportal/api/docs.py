"""The description of the API, for programs and for people."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views.generic import TemplateView, View
from drf_spectacular.generators import SchemaGenerator
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from cbmportal.api.renderers import JSONRenderer
from cbmportal.api.views import PortalView

GUIDE = Path(settings.BASE_DIR) / "docs/api.md"


@cache
def description(language: str) -> dict[str, Any]:
    """The schema in the language that is active; it changes with the code only."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


class OpenApiRenderer(JSONRenderer):
    media_type = "application/vnd.oai.openapi+json"
    format = "openapi"


class Schema(PortalView):
    """Its texts are in the language of the request; names and types are the same in all."""

    permission_classes = [AllowAny]
    renderer_classes: list[type[BaseRenderer]] = [JSONRenderer, OpenApiRenderer]
    schema = None
    public_for = 3600

    def get(self, request: Request) -> Response:
        return Response(description(get_language() or "en"))


@method_decorator(login_not_required, name="dispatch")
class Docs(TemplateView):
    template_name = "api/docs.html"


@method_decorator(login_not_required, name="dispatch")
class Guide(View):
    """docs/api.md as it was written: it reads well as plain text."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(GUIDE.read_text(), content_type="text/plain; charset=utf-8")
