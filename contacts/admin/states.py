from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cbmportal.forms import ProseField, add_refusal
from contacts.access import Viewer
from contacts.admin.base import ReasonForm, RecordAdmin
from contacts.admin.steps import DISCARD, ReasonStep, Step
from contacts.forms import INSTITUTION_WORDS
from contacts.models import Category, Institution, Participation, PointOfContact, State
from contacts.models.words import ParticipationStatus
from contacts.services import (
    add_institution,
    change_institution,
    follow_participation,
    set_participation,
)
from contacts.validators import refuse_overlap


class WithoutContactFilter(admin.SimpleListFilter):
    """Participating states that have nobody in office for a category."""

    title = _("no contact in office")
    parameter_name = "without"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return Category.choices

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        having = PointOfContact.objects.active().filter(category=self.value()).values("state")
        participating = State.objects.participating(timezone.now().date()).values("pk")
        return queryset.filter(pk__in=participating).exclude(pk__in=having)


@admin.register(State)
class StateAdmin(RecordAdmin):
    list_display = ("iso3", "name_en", "name_es", "name_pt", "name_fr", "capital")
    list_display_links = ("iso3", "name_en")
    list_filter = (WithoutContactFilter,)
    search_fields = ("iso3", "name_en", "name_es", "name_pt", "name_fr")
    fixed = ("iso3", "iso2")
    lists = (
        (_("Participation"), "contacts_participation", "state__id__exact"),
        (_("Institutions"), "contacts_institution", "state__id__exact"),
        (_("Points of contact"), "contacts_pointofcontact", "state__id__exact"),
        (_("Rights on the state"), "contacts_stategrant", "content_object__id__exact"),
    )
    fieldsets = (
        (None, {"fields": (("iso3", "iso2"), "name_en", "name_es", "name_pt", "name_fr")}),
        (
            _("Formal name"),
            {
                "fields": ("formal_name_en", "formal_name_es", "formal_name_pt", "formal_name_fr"),
                "description": _(
                    "As it stands within a sentence, its article in small letters: the Republic of Chile."
                ),
            },
        ),
        (_("About the state"), {"fields": ("official_languages", "capital", "time_zone", "joined_year")}),
        (_("Ministry of foreign affairs"), {"fields": ("foreign_ministry", "foreign_ministry_website")}),
    )


class ParticipationForm(ReasonForm):
    """Tells of an overlap which span is in the way, before the database says only that one is."""

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if not self.errors:
            days = {name: typed.get(name) for name in ("from_date", "until_date")}
            state = typed.get("state") or self.instance.state
            try:
                refuse_overlap(Participation(pk=self.instance.pk, state=state, **days))
            except ValidationError as error:
                add_refusal(self, error)
        return typed


class CloseStep(ReasonStep):
    until_date = forms.DateField(label=_("First day on which it no longer holds"), widget=AdminDateWidget)

    field_order = ("until_date", "reason")


class FollowStep(ReasonStep):
    status = forms.ChoiceField(label=_("New status"), choices=ParticipationStatus.choices)
    from_date = forms.DateField(label=_("From"), widget=AdminDateWidget)
    note = ProseField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
    )

    field_order = ("status", "from_date", "note", "reason")


def close(span: Participation, typed: dict[str, Any], by: Viewer) -> Participation:
    span.until_date = typed["until_date"]
    return set_participation(span, by=by, reason=typed["reason"])


@admin.register(Participation)
class ParticipationAdmin(RecordAdmin):
    form = ParticipationForm
    list_display = ("state", "status", "from_date", "until_date")
    list_filter = ("status", "state")
    list_select_related = ("state",)
    search_fields = ("state__iso3", "state__name_en", "state__name_es", "note")
    autocomplete_fields = ("state",)
    fixed = ("state",)
    steps = (
        Step(
            "follow",
            _("Begin the next status"),
            _("The new status is recorded; the one before ends as it begins."),
            lambda span, typed, by: follow_participation(span=span, by=by, **typed),
            form=FollowStep,
            explanation=_("The present status ends as the new one begins. Both stay on record."),
            offered=lambda span: span.until_date is None,
        ),
        Step(
            "close",
            _("End this status"),
            _("The status has an end now."),
            close,
            form=CloseStep,
            explanation=_("From that day on the state has no status until another one is entered."),
            offered=lambda span: span.until_date is None,
        ),
        DISCARD,
    )
    fieldsets = ((None, {"fields": ("state", "status", ("from_date", "until_date"), "note")}),)

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> Participation:
        return set_participation(record, by=by, reason=reason)

    def amend(self, record: Any, changes: Mapping[str, Any], *, by: Viewer, reason: str) -> Participation:
        return set_participation(record, by=by, reason=reason)


@admin.register(Institution)
class InstitutionAdmin(RecordAdmin):
    list_display = ("name", "state", "mailbox", "audience", "mailbox_audience")
    list_filter = ("audience", "mailbox_audience", "state")
    list_select_related = ("state",)
    search_fields = ("name", "mailbox", "state__iso3", "state__name_en", "state__name_es")
    autocomplete_fields = ("state",)
    fixed = ("state",)
    words = INSTITUTION_WORDS
    lists = ((_("Points of contact"), "contacts_pointofcontact", "institution__id__exact"),)
    fieldsets = (
        (None, {"fields": ("state", "name", "website", "audience")}),
        (_("How to reach it"), {"fields": (("mailbox", "mailbox_audience"), "phone", "address")}),
    )

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> Institution:
        return add_institution(**typed, by=by, reason=reason)

    def amend(self, record: Any, changes: Mapping[str, Any], *, by: Viewer, reason: str) -> Institution:
        return change_institution(institution=record, changes=changes, by=by, reason=reason)
