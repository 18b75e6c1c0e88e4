from django.urls import path
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import SimpleRouter

from cbmportal.api import directory
from cbmportal.api.changes.views import Changes
from cbmportal.api.docs import Docs, Guide, Schema
from cbmportal.api.implementation import ImplementationFigures
from cbmportal.api.labels import Labels
from cbmportal.api.resources import RESOURCES
from cbmportal.api.views import PortalView

OTHERS = ("changes", "implementation", "labels", "schema", "docs")

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
        others = {name: reverse(f"api-{name}", request=request) for name in OTHERS}
        whole = {
            f"directory.{ending}": reverse(f"api-directory-{ending}", request=request)
            for ending in directory.VIEWS
        }
        return Response(lists | whole | others)


urlpatterns = [
    path("", Root.as_view(), name="api-root"),
    path("changes/", Changes.as_view(), name="api-changes"),
    path("implementation/", ImplementationFigures.as_view(), name="api-implementation"),
    path("labels/", Labels.as_view(), name="api-labels"),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
    path("docs/api.md", Guide.as_view(), name="api-guide"),
    *(
        path(f"directory.{ending}", view.as_view(), name=f"api-directory-{ending}")
        for ending, view in directory.VIEWS.items()
    ),
    *router.urls,
]
