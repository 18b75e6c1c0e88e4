"""How measures, activities and milestones are written for clients of the API, field by field."""

from typing import Any

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cbmportal.fields import Language
from cbmportal.statements import Address, JsonList, columns
from contacts.access import Viewer
from contacts.api import InFourLanguages, Representation, StateCode, four_columns, of_state
from measures.models import Activity, Measure, MeasureText, Milestone


class MeasureTextSerializer(Representation[MeasureText]):
    class Meta:
        model = MeasureText
        fields = ("language", "edition", "status", "short", "text", "explanation")
        read_only_fields = fields


class MeasureSerializer(Representation[Measure]):
    """A measure with its wording: for each language the newest edition comes first."""

    url = serializers.HyperlinkedIdentityField(view_name="api-measures-detail", lookup_field="number")
    texts = MeasureTextSerializer(many=True, read_only=True)

    class Meta:
        model = Measure
        fields = (
            *("url", "number", "evidence", "adopted_on", "adopting_resolution", "cicte_resolution"),
            *("proposing_body", "texts"),
        )
        read_only_fields = fields

    @classmethod
    def expressions(cls, viewer: Viewer) -> dict[str, Any]:
        texts = MeasureText.objects.visible_to(viewer).filter(measure=OuterRef("pk"))
        written = columns(MeasureText, MeasureTextSerializer.Meta.fields)
        return {
            "url": Address("number"),
            "texts": JsonList(texts.order_by("language", "-edition"), written),
        }


class ActivitySerializer(Representation[Activity]):
    """What a state reports to have done under a measure. Dates may be a year or a month only."""

    DETAILS = ("audience",)

    url = serializers.HyperlinkedIdentityField(view_name="api-activities-detail", lookup_field="uuid")
    state = StateCode()
    measure: Any = serializers.SlugRelatedField(slug_field="number", read_only=True)

    class Meta:
        model = Activity
        fields = (
            *("url", "uuid", "state", "measure", "title", "language", "description", "date", "end_date"),
            *("online", "place", "partners", "link", "audience", "version", "updated_at"),
        )
        read_only_fields = fields

    def details(self, record: Activity, viewer: Viewer) -> dict[str, Any]:
        return {"audience": record.audience} if viewer.member else {}

    @classmethod
    def expressions(cls, viewer: Viewer) -> dict[str, Any]:
        return {"url": Address("uuid"), "state": F("state__iso3"), "measure": F("measure__number")}

    @classmethod
    def conditions(cls, viewer: Viewer) -> dict[str, Q | bool]:
        return {"audience": viewer.member}


class ActivityFilter(django_filters.FilterSet):
    state = of_state()
    measure = django_filters.NumberFilter(
        field_name="measure__number",
        label=_("Measure"),
        decimal_places=0,
        validators=[MinValueValidator(1), MaxValueValidator(9999)],
    )
    language = django_filters.ChoiceFilter(choices=Language.choices, label=_("Language"))

    class Meta:
        model = Activity
        fields: list[str] = []


class MilestoneSerializer(Representation[Milestone]):
    """A step in the history of the Working Group. Dates may be a year or a month only."""

    title = InFourLanguages()
    note = InFourLanguages()

    class Meta:
        model = Milestone
        fields = ("uuid", "date", "end_date", "title", "reference", "note")
        read_only_fields = fields

    @classmethod
    def expressions(cls, viewer: Viewer) -> dict[str, Any]:
        return {name: four_columns(name) for name in ("title", "note")}
