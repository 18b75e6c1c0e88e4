from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ViewSetMixin

from cbmportal.api import resources
from cbmportal.api.docs import Docs, Guide, Schema
from cbmportal.api.labels import Labels
from cbmportal.api.views import PortalView

RESOURCES: dict[str, type[ViewSetMixin]] = {
    "states": resources.States,
    "measures": resources.Measures,
    "contacts": resources.Contacts,
    "policies": resources.Policies,
    "institutions": resources.Institutions,
    "activities": resources.Activities,
    "milestones": resources.Milestones,
    "glossary": resources.Glossary,
}

router = SimpleRouter()
for name, resource in RESOURCES.items():
    router.register(name, resource, basename=f"api-{name}")


class Root(PortalView):
    """The resources and where they are."""

    permission_classes = [AllowAny]

    @extend_schema(
        responses=OpenApiResponse(
            {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}
        )
    )
    def get(self, request: Request) -> Response:
        lists = {name: reverse(f"api-{name}-list", request=request) for name in RESOURCES}
        others = {name: reverse(f"api-{name}", request=request) for name in ("labels", "schema", "docs")}
        return Response(lists | others)


urlpatterns = [
    path("", Root.as_view(), name="api-root"),
    path("labels/", Labels.as_view(), name="api-labels"),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
    path("docs/api.md", Guide.as_view(), name="api-guide"),
    *router.urls,
]
