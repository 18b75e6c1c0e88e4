"""Filters of the repository and the glossary, the same for page and API."""

from typing import Any

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from cbmportal.fields import Language
from cbmportal.forms import InstantFilter
from contacts.models import State
from contacts.validators import validate_few_words
from policies.models import DocumentKind, GlossaryTerm, GlossaryTopic, LegalStatus, PolicySubmission
from policies.querysets import GlossaryTermQuerySet, PolicySubmissionQuerySet


def year(label: Any) -> django_filters.NumberFilter:
    return django_filters.NumberFilter(
        method="dated",
        label=label,
        decimal_places=0,
        validators=[MinValueValidator(1500), MaxValueValidator(2199)],
    )


class PolicyFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="about", max_length=200, validators=[validate_few_words], label=_("Words")
    )
    state = django_filters.ModelChoiceFilter(
        queryset=State.objects.all(), to_field_name="iso3", label=_("State")
    )
    kind = django_filters.ChoiceFilter(choices=DocumentKind.choices, label=_("Kind of document"))
    language = django_filters.ChoiceFilter(choices=Language.choices, label=_("Original language"))
    status = django_filters.ChoiceFilter(
        field_name="legal_status", choices=LegalStatus.choices, label=_("Legal status")
    )
    year_from = year(_("From year"))
    year_to = year(_("To year"))
    published_since: Any = InstantFilter(
        field_name="published_at", lookup_expr="gte", label=_("Published since")
    )

    class Meta:
        model = PolicySubmission
        fields: list[str] = []

    def about(self, policies: PolicySubmissionQuerySet, _name: str, value: str) -> PolicySubmissionQuerySet:
        return policies.about(value)

    def dated(self, policies: PolicySubmissionQuerySet, name: str, value: Any) -> PolicySubmissionQuerySet:
        return policies.dated(**{"year_from": None, "year_to": None, name: int(value)})


class GlossaryFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="about",
        max_length=200,
        validators=[validate_few_words],
        label=_("Words, in any of the languages"),
    )
    topic = django_filters.ChoiceFilter(choices=GlossaryTopic.choices, label=_("Topic"))

    class Meta:
        model = GlossaryTerm
        fields: list[str] = []

    def about(self, terms: GlossaryTermQuerySet, _name: str, value: str) -> GlossaryTermQuerySet:
        return terms.about(value)
