"""How measures, activities and milestones are written for clients of the API, field by field."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from cbmportal.fields import Language
from contacts.access import Viewer
from contacts.api import InFourLanguages, Representation, StateCode
from contacts.models import State
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


class ActivityFilter(django_filters.FilterSet):
    state = django_filters.ModelChoiceFilter(
        queryset=State.objects.all(), to_field_name="iso3", label=_("State")
    )
    measure = django_filters.ModelChoiceFilter(
        queryset=Measure.objects.all(), to_field_name="number", label=_("Measure")
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
