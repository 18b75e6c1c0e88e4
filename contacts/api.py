"""How states, institutions and points of contact are written for clients of the API, field by field.

The addresses under which they are read are in cbmportal/api.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import django_filters
from django.core.validators import RegexValidator
from django.db.models import F, Model, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cbmportal.fields import PORTAL_LANGUAGES
from cbmportal.statements import Address, JsonList, JsonObject, columns
from contacts.access import Viewer
from contacts.filters import ContactFilter
from contacts.models import (
    CheckResult,
    Institution,
    Participation,
    ParticipationStatus,
    PointOfContact,
    State,
)
from contacts.querysets import StateQuerySet

AnyModel = TypeVar("AnyModel", bound=Model)
UNKNOWN_STATE = _("Name a state by its ISO 3166-1 alpha-3 code, in capitals.")


def in_four_languages(of: dict[str, Any]) -> dict[str, Any]:
    codes = [language.value for language in PORTAL_LANGUAGES]
    return {"type": "object", "properties": dict.fromkeys(codes, of), "required": codes}


@extend_schema_field(in_four_languages({"type": "string"}))
class InFourLanguages(serializers.Field[Any, Any, dict[str, Any], Any]):
    """The columns `<name>_en` … as one object; `<name>` is what the field is called."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, record: Any) -> dict[str, Any]:
        return {code.value: getattr(record, f"{self.field_name}_{code.value}") for code in PORTAL_LANGUAGES}


@extend_schema_field(in_four_languages({"type": "array", "items": {"type": "string"}}))
class ListsInFourLanguages(InFourLanguages):
    pass


class Representation(serializers.ModelSerializer[AnyModel]):
    """Named fields and no others. Those in `DETAILS` are absent unless `details` gives them to the viewer."""

    DETAILS: tuple[str, ...] = ()
    #: Columns that whoever hands the record out needs beside it.
    BESIDE: tuple[str, ...] = ()

    def details(self, record: AnyModel, viewer: Viewer) -> Mapping[str, Any]:
        return {}

    @classmethod
    def in_sql(cls, viewer: Viewer) -> JsonObject:
        """The same, written by the database, for long lists; a test compares both for every viewer."""
        meta: Any = cls.Meta
        return JsonObject(columns(meta.model, meta.fields, **cls.expressions(viewer)), cls.conditions(viewer))

    @classmethod
    def expressions(cls, viewer: Viewer) -> dict[str, Any]:
        """What stands under the names that are no columns."""
        return {}

    @classmethod
    def conditions(cls, viewer: Viewer) -> dict[str, Q | bool]:
        """In which rows the viewer sees each of `DETAILS`."""
        return {}

    def include_extra_kwargs(self, kwargs: Any, extra_kwargs: Any) -> Any:
        """DRF forgets of fields that are only read that they may be empty; the schema has to say so."""
        may_be_empty = {name: kwargs[name] for name in ("allow_blank",) if name in kwargs}
        return {**super().include_extra_kwargs(kwargs, extra_kwargs), **may_be_empty}

    def to_representation(self, record: AnyModel) -> dict[str, Any]:
        details = self.details(record, self.context["viewer"])
        shown = {}
        for name, field in self.fields.items():
            if name not in self.DETAILS:
                value = field.get_attribute(record)
            elif name in details:
                value = details[name]
            else:
                continue
            shown[name] = None if value is None else field.to_representation(value)
        return shown


def four_columns(name: str) -> JsonObject:
    """What `InFourLanguages` writes."""
    return JsonObject({code.value: F(f"{name}_{code.value}") for code in PORTAL_LANGUAGES})


class StateCode(serializers.SlugRelatedField[State]):
    """A state by its ISO 3166-1 alpha-3 code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="iso3", read_only=True, **kwargs)


# States ----------------------------------------------------------------------------------------------------


class ParticipationSerializer(Representation[Participation]):
    """The status of a state from a day on, up to and without `until_date`; null is until further notice."""

    class Meta:
        model = Participation
        fields = ("status", "from_date", "until_date", "note")
        read_only_fields = fields


class StateSerializer(Representation[State]):
    url = serializers.HyperlinkedIdentityField(view_name="api-states-detail", lookup_field="iso3")
    name = InFourLanguages()
    formal_name = InFourLanguages()
    participation = ParticipationSerializer(source="participations", many=True, read_only=True)

    class Meta:
        model = State
        fields = (
            *(
                "url",
                "iso3",
                "iso2",
                "name",
                "formal_name",
                "official_languages",
                "capital",
                "time_zone",
                "joined_year",
            ),
            *("foreign_ministry", "foreign_ministry_website", "participation", "updated_at"),
        )
        read_only_fields = fields

    @classmethod
    def expressions(cls, viewer: Viewer) -> dict[str, Any]:
        spans = Participation.objects.visible_to(viewer).filter(state=OuterRef("pk")).order_by("from_date")
        written = columns(Participation, ParticipationSerializer.Meta.fields)
        return {
            "url": Address("iso3"),
            "name": four_columns("name"),
            "formal_name": four_columns("formal_name"),
            "participation": JsonList(spans, written),
        }


def of_state() -> django_filters.CharFilter:
    """By the code alone: whether there is such a state is looked up only where nothing is found."""
    return django_filters.CharFilter(
        field_name="state__iso3", label=_("State"), validators=[RegexValidator("^[A-Z]{3}$", UNKNOWN_STATE)]
    )


class StateFilter(django_filters.FilterSet):
    participation = django_filters.ChoiceFilter(
        choices=ParticipationStatus.choices, method="having", label=_("Status of participation today")
    )

    class Meta:
        model = State
        fields: list[str] = []

    def having(self, states: StateQuerySet, _name: str, value: str) -> StateQuerySet:
        today = Participation.objects.in_force(timezone.now().date())
        return states.filter(participations__in=today.filter(status=value))


# Institutions ----------------------------------------------------------------------------------------------


class InstitutionSerializer(Representation[Institution]):
    """Visitors read of public institutions the name, the website and, if the state says so, the mailbox."""

    DETAILS = ("mailbox", "phone", "address", "audience", "mailbox_audience")

    url = serializers.HyperlinkedIdentityField(view_name="api-institutions-detail", lookup_field="uuid")
    state = StateCode()

    class Meta:
        model = Institution
        fields = (
            *("url", "uuid", "state", "name", "website"),
            *("mailbox", "phone", "address", "audience", "mailbox_audience"),
            *("version", "updated_at"),
        )
        read_only_fields = fields

    def details(self, record: Institution, viewer: Viewer) -> dict[str, str]:
        return record.as_seen_by(viewer)

    @classmethod
    def expressions(cls, viewer: Viewer) -> dict[str, Any]:
        return {"url": Address("uuid"), "state": F("state__iso3")}

    @classmethod
    def conditions(cls, viewer: Viewer) -> dict[str, Q | bool]:
        return Institution.shown_to(viewer)


class InstitutionFilter(django_filters.FilterSet):
    state = of_state()

    class Meta:
        model = Institution
        fields: list[str] = []


# Points of contact -----------------------------------------------------------------------------------------


class InstitutionName(Representation[Institution]):
    class Meta:
        model = Institution
        fields = ("uuid", "name")
        read_only_fields = fields


DUTY_HOURS = {
    "type": "object",
    "propertyNames": {"pattern": "^[1-7]$"},
    "additionalProperties": {"type": "string", "examples": ["08:30-17:00"]},
}


@extend_schema_field(DUTY_HOURS)
class DutyHours(serializers.JSONField):
    pass


class ContactSerializer(Representation[PointOfContact]):
    """A detail that its state keeps from the caller is absent, not blank."""

    BESIDE = ("state_id",)
    #: What `as_seen_by` decides about.
    DETAILS = (*PointOfContact.DETAILS, "pgp_fingerprint", "pgp_expires_on", "institution")

    url = serializers.HyperlinkedIdentityField(view_name="api-contacts-detail", lookup_field="uuid")
    state = StateCode()
    institution = InstitutionName(read_only=True)
    duty_hours = DutyHours(read_only=True)
    check_result = serializers.ChoiceField(CheckResult.choices, read_only=True, allow_blank=True)
    confirmed_by = serializers.CharField(
        source="confirmed_by.full_name", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = PointOfContact
        fields = (
            *("url", "uuid", "state", "category", "full_name", "institution"),
            *("note_reference", "note_date", "designated_on", "ended_on", "end_reason"),
            *("do_not_use", "do_not_use_reason"),
            *PointOfContact.DETAILS,
            *("pgp_fingerprint", "pgp_expires_on"),
            *("confirmed_at", "confirmed_by", "checked_at", "check_result", "version", "updated_at"),
        )
        read_only_fields = fields

    def details(self, record: PointOfContact, viewer: Viewer) -> dict[str, Any]:
        return record.as_seen_by(viewer)

    @classmethod
    def expressions(cls, viewer: Viewer) -> dict[str, Any]:
        return {
            "url": Address("uuid"),
            "state": F("state__iso3"),
            "institution": JsonObject({"uuid": F("institution__uuid"), "name": F("institution__name")}),
            "confirmed_by": F("confirmed_by__full_name"),
        }

    @classmethod
    def conditions(cls, viewer: Viewer) -> dict[str, Q | bool]:
        return PointOfContact.shown_to(viewer)


class ContactQuery(ContactFilter):
    """The page's filters without its search box."""

    state = of_state()
    q = None
