from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget
from django.utils.translation import gettext_lazy as _

from cbmportal.fields import validate_one_line, validate_plain_text
from cbmportal.forms import ProseField
from contacts.access import Viewer
from contacts.admin.base import RecordAdmin
from contacts.admin.steps import DISCARD, ReasonStep, Step
from measures.models import Activity, Measure, MeasureText, Milestone, ReportedFigure, TextStatus
from measures.services import (
    WORDING,
    begin_edition,
    change_activity,
    is_newest,
    report_activity,
    report_activity_again,
    take_back_activity,
)


@admin.register(Measure)
class MeasureAdmin(RecordAdmin):
    list_display = ("number", "evidence", "adopted_on", "adopting_resolution")
    search_fields = ("number", "texts__short", "adopting_resolution")
    fixed = ("number",)
    lists = (
        (_("Texts"), "measures_measuretext", "measure__id__exact"),
        (_("Activities"), "measures_activity", "measure__id__exact"),
    )
    fieldsets = (
        (None, {"fields": ("number", "evidence")}),
        (
            _("Adoption"),
            {"fields": ("adopted_on", "adopting_resolution", "cicte_resolution", "proposing_body")},
        ),
    )


class EditionStep(ReasonStep):
    """The wording of the edition before, to be changed into that of the next."""

    status = forms.ChoiceField(label=_("Status"), choices=TextStatus.choices)
    short = forms.CharField(
        label=_("Short text"), max_length=200, validators=[validate_plain_text, validate_one_line],
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )  # fmt: skip
    text = ProseField(
        label=_("Text"), max_length=5000, widget=AdminTextareaWidget(attrs={"rows": 10}),
    )  # fmt: skip
    explanation = ProseField(
        label=_("Explanation"), max_length=5000, required=False, widget=AdminTextareaWidget(attrs={"rows": 6}),
    )  # fmt: skip
    adopted_on = forms.DateField(label=_("Adopted on"), widget=AdminDateWidget)
    adopting_resolution = forms.CharField(
        label=_("Adopting resolution"), max_length=300, required=False,
        validators=[validate_plain_text, validate_one_line],
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )  # fmt: skip

    field_order = ("status", "short", "text", "explanation", "adopted_on", "adopting_resolution", "reason")


def wording_of(text: MeasureText) -> dict[str, Any]:
    adoption = {name: getattr(text.measure, name) for name in ("adopted_on", "adopting_resolution")}
    return {name: getattr(text, name) for name in WORDING} | adoption


@admin.register(MeasureText)
class MeasureTextAdmin(RecordAdmin):
    list_display = ("short", "measure", "language", "edition", "status")
    list_filter = ("measure", "language", "status")
    list_select_related = ("measure",)
    search_fields = ("short", "text")
    autocomplete_fields = ("measure",)
    fixed = ("measure", "language", "edition")
    steps = (
        Step(
            "next-edition",
            _("Begin the next edition"),
            _("The next edition is entered and shown from now on. The one before is kept."),
            lambda text, typed, by: begin_edition(present=text, by=by, **typed),
            form=EditionStep,
            explanation=_(
                "Change the wording below into that of the next edition and say by what it was adopted. The"
                " present edition stays as it is. Do the same for each language."
            ),
            offered=is_newest,
            initial=wording_of,
        ),
        DISCARD,
    )
    fieldsets = (
        (None, {"fields": ("measure", ("language", "edition"), "status")}),
        (_("Wording"), {"fields": ("short", "text", "explanation")}),
    )


@admin.register(Milestone)
class MilestoneAdmin(RecordAdmin):
    list_display = ("date", "title_en", "reference")
    list_display_links = ("date", "title_en")
    search_fields = ("title_en", "title_es", "title_pt", "title_fr", "reference")
    steps = (DISCARD,)
    fieldsets = (
        (None, {"fields": (("date", "end_date"), "reference")}),
        (_("Title"), {"fields": ("title_en", "title_es", "title_pt", "title_fr")}),
        (_("Note"), {"fields": ("note_en", "note_es", "note_pt", "note_fr")}),
    )


@admin.register(ReportedFigure)
class ReportedFigureAdmin(RecordAdmin):
    list_display = ("figure", "date", "value", "source")
    list_filter = ("figure",)
    search_fields = ("source",)
    steps = (DISCARD,)
    fieldsets = ((None, {"fields": ("figure", "date", "value", "source")}),)


ACTIVITY_STEPS = (
    Step(
        "take-back",
        _("Take back"),
        _("The activity was taken back: it no longer counts. Its history is kept."),
        lambda activity, typed, by: take_back_activity(activity=activity, by=by, reason=typed["reason"]),
        explanation=_("From now on only its state and the Secretariat see it. It can be reported again."),
        offered=lambda activity: not activity.taken_back,
    ),
    Step(
        "report-again",
        _("Report again"),
        _("The activity counts again."),
        lambda activity, typed, by: report_activity_again(activity=activity, by=by, reason=typed["reason"]),
        offered=lambda activity: activity.taken_back,
    ),
)


@admin.register(Activity)
class ActivityAdmin(RecordAdmin):
    list_display = ("title", "state", "measure", "date", "place", "audience", "taken_back")
    list_filter = ("measure", "audience", "language", "online", "taken_back", "state")
    steps = ACTIVITY_STEPS
    readonly_fields = ("taken_back",)
    list_select_related = ("state", "measure")
    search_fields = ("title", "description", "place", "state__iso3", "state__name_en", "state__name_es")
    autocomplete_fields = ("state",)
    fixed = ("state",)
    fieldsets = (
        (
            None,
            {"fields": ("state", "measure", "title", "language", "description", "audience", "taken_back")},
        ),
        (_("When and where"), {"fields": (("date", "end_date"), "online", "place")}),
        (_("With whom"), {"fields": ("partners", "link")}),
    )

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> Activity:
        return report_activity(**typed, by=by, reason=reason)

    def amend(self, record: Any, changes: Mapping[str, Any], *, by: Viewer, reason: str) -> Activity:
        return change_activity(activity=record, changes=changes, by=by, reason=reason)
