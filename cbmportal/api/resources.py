"""The resources of the API: what each is read from, who may call, how it can be narrowed and ordered."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from cbmportal.api.permissions import MembersOnly
from cbmportal.api.records import Record
from cbmportal.api.views import ListOf, Resource
from cbmportal.api.writing import WrittenActivities, WrittenContacts, WrittenPolicies
from contacts.api import (
    ContactQuery,
    ContactSerializer,
    InstitutionFilter,
    InstitutionSerializer,
    StateFilter,
    StateSerializer,
)
from contacts.models import Institution, Participation, PointOfContact, ReadVia, State
from contacts.reads import note_reading
from measures.api import ActivityFilter, ActivitySerializer, MeasureSerializer, MilestoneSerializer
from measures.models import Activity, Measure, MeasureText, Milestone
from policies.api import GlossarySerializer, PolicyQuery, PolicySerializer
from policies.filters import GlossaryFilter
from policies.models import GlossaryTerm, PolicyFile, PolicySubmission, PolicyTranslation

UUID = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"


class States(Resource[State]):
    """The member states of the Organization, with their participation as dated spans."""

    model = State
    permission_classes = [AllowAny]
    serializer_class = StateSerializer
    filterset_class = StateFilter
    orderings = {"iso3": "iso3", "joined_year": "joined_year", "updated_at": "updated_at"}
    default_order = ("iso3",)
    lookup_field = "iso3"
    lookup_value_regex = "[A-Za-z]{3}"

    def get_queryset(self) -> QuerySet[State]:
        participation = Participation.objects.visible_to(self.viewer).order_by("from_date")
        return super().get_queryset().prefetch_related(Prefetch("participations", participation))

    @extend_schema(
        responses={200: StateSerializer, 301: OpenApiResponse(description=_("The code is in upper case."))}
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if (iso3 := kwargs["iso3"]) != iso3.upper():
            return HttpResponsePermanentRedirect(reverse("api-states-detail", args=[iso3.upper()]))
        return super().retrieve(request, *args, **kwargs)


class Measures(Resource[Measure]):
    """The voluntary measures, with their wording in four languages, official or translated."""

    model = Measure
    permission_classes = [AllowAny]
    serializer_class = MeasureSerializer
    orderings = {"number": "number", "adopted_on": "adopted_on"}
    default_order = ("number",)
    lookup_field = "number"
    lookup_value_regex = "[1-9][0-9]{0,3}"

    def get_queryset(self) -> QuerySet[Measure]:
        texts = MeasureText.objects.visible_to(self.viewer).order_by("language", "-edition")
        return super().get_queryset().prefetch_related(Prefetch("texts", texts))


class Contacts(WrittenContacts):
    """The directory. Members read it; each detail only where its state lets them."""

    model = PointOfContact
    permission_classes = [MembersOnly]
    serializer_class = ContactSerializer
    filterset_class = ContactQuery
    orderings = {
        "state": "state__iso3",
        "category": "category",
        "full_name": "full_name",
        "designated_on": "designated_on",
        "confirmed_at": "confirmed_at",
        "updated_at": "updated_at",
    }
    default_order = ("state__iso3", "category", "full_name")
    lookup_field = "uuid"
    lookup_value_regex = UUID
    references = {"state": (State, "iso3")}

    def filter_arguments(self) -> dict[str, Any]:
        return {"viewer": self.viewer}

    def depends_on_the_clock(self, request: Request) -> bool:
        return "open_now" in request.query_params

    def get_queryset(self) -> QuerySet[PointOfContact]:
        return super().get_queryset().select_related("state", "institution", "confirmed_by")

    def note_what_is_read(self, found: Sequence[Record]) -> None:
        note_reading(
            viewer=self.viewer, states={state for one in found for state in one.beside}, via=ReadVia.API
        )

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        contact = self.get_object()
        note_reading(viewer=self.viewer, states=[contact.state_id], via=ReadVia.API)
        return Response(self.get_serializer(contact).data)


class Policies(WrittenPolicies):
    """The repository: what is published, and for delegates their own state's submissions at every stage."""

    model = PolicySubmission
    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = PolicySerializer
    filterset_class = PolicyQuery
    references = {"state": (State, "iso3")}
    orderings = {
        "ref": "ref",
        "state": "state__iso3",
        "date": "date",
        "published_at": "published_at",
        "updated_at": "updated_at",
    }
    default_order = ("-date", "ref")
    lookup_field = "ref"
    lookup_value_regex = "[A-Z]{3}-[0-9]{4}-[0-9]{3,9}"

    def get_queryset(self) -> QuerySet[PolicySubmission]:
        viewer = self.viewer
        return (
            super()
            .get_queryset()
            .select_related("state", "submitted_by")
            .prefetch_related(
                # Read apart, because the successor may be a draft that the viewer must not learn of.
                Prefetch("superseded_by", PolicySubmission.objects.visible_to(viewer).only("ref")),
                Prefetch("translations", PolicyTranslation.objects.visible_to(viewer).order_by("language")),
                Prefetch("files", PolicyFile.objects.visible_to(viewer).order_by("-number")),
            )
        )


class Institutions(Resource[Institution]):
    """Ministries, agencies and missions. Visitors read those that are public."""

    model = Institution
    permission_classes = [AllowAny]
    serializer_class = InstitutionSerializer
    filterset_class = InstitutionFilter
    references = {"state": (State, "iso3")}
    orderings = {"state": "state__iso3", "name": "name", "updated_at": "updated_at"}
    default_order = ("state__iso3", "name")
    lookup_field = "uuid"
    lookup_value_regex = UUID

    def get_queryset(self) -> QuerySet[Institution]:
        return super().get_queryset().select_related("state")


class Activities(WrittenActivities):
    """What states report under measures 4, 5 and 6. Visitors read those that are public."""

    model = Activity
    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = ActivitySerializer
    filterset_class = ActivityFilter
    references = {"state": (State, "iso3"), "measure": (Measure, "number")}
    orderings = {
        "date": "date",
        "state": "state__iso3",
        "measure": "measure__number",
        "updated_at": "updated_at",
    }
    default_order = ("-date", "state__iso3")
    lookup_field = "uuid"
    lookup_value_regex = UUID

    def get_queryset(self) -> QuerySet[Activity]:
        return super().get_queryset().select_related("state", "measure")


class Milestones(ListOf[Milestone]):
    """The history of the Working Group."""

    model = Milestone
    permission_classes = [AllowAny]
    serializer_class = MilestoneSerializer
    orderings = {"date": "date"}
    default_order = ("date",)


class Glossary(Resource[GlossaryTerm]):
    """The regional lexicon, in the four languages."""

    model = GlossaryTerm
    permission_classes = [AllowAny]
    serializer_class = GlossarySerializer
    filterset_class = GlossaryFilter
    orderings = {"key": "key", "topic": "topic", "updated_at": "updated_at"}
    default_order = ("key",)
    lookup_field = "key"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,60}"


RESOURCES: dict[str, type[ListOf[Any]]] = {
    "states": States,
    "measures": Measures,
    "contacts": Contacts,
    "policies": Policies,
    "institutions": Institutions,
    "activities": Activities,
    "milestones": Milestones,
    "glossary": Glossary,
}
