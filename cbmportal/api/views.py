"""What all views of the API have in common: who looks, which parameters, who may keep the answer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Any, Generic, TypeVar

import orjson
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django_filters import FilterSet
from rest_framework import mixins, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cbmportal.api.answers import answered, today
from cbmportal.api.authentication import calling
from cbmportal.api.filters import ORDERING, Ordering, StrictFilterBackend
from cbmportal.api.memory import ORDERS
from cbmportal.api.pagination import Pages
from cbmportal.api.parameters import refuse_unknown
from cbmportal.api.permissions import viewer_for
from cbmportal.api.preconditions import etag_of
from cbmportal.api.problems import problem_page
from cbmportal.api.rates import RateName, limited
from cbmportal.api.records import AnyRepresentation, Order, Record, order_of, records
from cbmportal.api.sizes import refuse_unmeasured
from contacts.access import VISITOR, Viewer

AnyModel = TypeVar("AnyModel", bound=Model)
READING = ("GET", "HEAD")
PAGING = ("page", "page_size")
NO_SUCH_CHOICE = ModelChoiceField.default_error_messages["invalid_choice"]


class PortalView(APIView):
    """Times are UTC, whatever the reader's own zone; unknown parameters are refused; answers carry an ETag."""

    #: How long, in seconds, anybody may keep what a visitor was shown.
    public_for = 60
    #: A rate that is counted beside the one of all requests, for what costs much more than they do.
    also_counted: RateName | None = None

    @property
    def viewer(self) -> Viewer:
        return VISITOR if getattr(self, "swagger_fake_view", False) else viewer_for(self.request)

    def parameters(self) -> set[str]:
        return set()

    def depends_on_the_clock(self, request: Request) -> bool:
        """Whether the same question may have another answer although nothing was written."""
        return False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(UTC):
            return super().dispatch(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        with limited(request, self.also_counted):
            super().perform_authentication(request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        refuse_unmeasured(request)
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS":
            refuse_unknown(request.query_params, self.parameters())

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        return Response(status=204)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Authorization", "Cookie"])
        if response.status_code >= 400:
            response["Cache-Control"] = "no-store"
        elif request.method in READING:
            response["Cache-Control"] = self._cache_control(request)
            if isinstance(response, Response):
                response.add_post_render_callback(_unless_known(request._request))
        return response

    def _cache_control(self, request: Request) -> str:
        """Whoever shows credentials gets an answer of their own, even where it is everybody's."""
        if request.user.is_authenticated:
            return "private, no-cache"
        return f"public, max-age={self.public_for}"


def _unless_known(request: HttpRequest) -> Callable[[Any], HttpResponseBase | None]:
    """Marks a rendered answer with its ETag; 304 if the client has it already."""

    def conditional(response: Response) -> HttpResponseBase | None:
        response["ETag"] = etag = etag_of(response.content, response.data)
        answer = get_conditional_response(request, etag=etag, response=response)
        return problem_page(412) if answer is not None and answer.status_code == 412 else answer

    return conditional


class ListOf(PortalView, viewsets.GenericViewSet[AnyModel], Generic[AnyModel]):
    """A list of records that the caller may see. Say `model`, `permission_classes` and the orders it allows."""

    model: type[AnyModel]
    serializer_class: AnyRepresentation
    orderings: dict[str, str]
    default_order: tuple[str, ...]
    filterset_class: type[FilterSet] | None = None
    filter_backends = [StrictFilterBackend, Ordering]
    pagination_class = Pages
    #: Parameters that name a record of another list: where it is looked up when nothing is found.
    references: Mapping[str, tuple[type[Model], str]] = {}

    def parameters(self) -> set[str]:
        if self.action != "list":
            return set()
        filters = self.filterset_class.base_filters if self.filterset_class else ()
        return {*PAGING, ORDERING, *filters}

    def filter_arguments(self) -> dict[str, Any]:
        return {}

    def readable(self) -> QuerySet[AnyModel]:
        return self.model.objects.visible_to(self.viewer)  # type: ignore[attr-defined, no-any-return]

    def get_queryset(self) -> QuerySet[AnyModel]:
        return self.readable()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "viewer": self.viewer}

    @answered
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = Pages().page_of(self.order(request), request)
        address = request.build_absolute_uri(request.path)
        found = records(self.serializer_class, self.viewer, page.keys, address)
        self.note_what_is_read(found)
        return Response(page.with_records([orjson.Fragment(one.json) for one in found]))

    def note_what_is_read(self, found: Sequence[Record]) -> None:
        """Where readings are noted, a list does so here."""

    def order(self, request: Request) -> Order:
        """The keys of all records that answer, kept for as long as nothing changes."""
        if self.depends_on_the_clock(request):
            return self.asked_order(request)
        narrowed = tuple(sorted(one for one in request.query_params.items() if one[0] not in PAGING))
        asked = type(self), self.viewer.eyes, calling(request).version, today(), narrowed
        packed = ORDERS.get(asked)
        if packed is None:
            packed = self.asked_order(request).packed
            ORDERS.keep(asked, packed)
        return Order(packed)

    def asked_order(self, request: Request) -> Order:
        found = order_of(self.filter_queryset(self.readable()))
        if not len(found):
            self.refuse_unknown_references(request)
        return found

    def refuse_unknown_references(self, request: Request) -> None:
        for name, (model, field) in self.references.items():
            value = request.query_params.get(name)
            if value and not model._default_manager.filter(**{field: value}).exists():
                raise ValidationError({name: [NO_SUCH_CHOICE]})


class Resource(ListOf[AnyModel], mixins.RetrieveModelMixin, Generic[AnyModel]):
    """A list, and each of its records by `lookup_field`."""

    def filter_queryset(self, queryset: QuerySet[AnyModel, Any]) -> QuerySet[AnyModel, Any]:
        return super().filter_queryset(queryset) if self.action == "list" else queryset
