from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from contacts.access import Viewer
from contacts.admin.base import RecordAdmin
from contacts.admin.steps import DISCARD
from measures.models import Activity, Measure, MeasureText, Milestone, ReportedFigure
from measures.services import change_activity, report_activity


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


@admin.register(MeasureText)
class MeasureTextAdmin(RecordAdmin):
    list_display = ("short", "measure", "language", "edition", "status")
    list_filter = ("measure", "language", "status")
    list_select_related = ("measure",)
    search_fields = ("short", "text")
    autocomplete_fields = ("measure",)
    fixed = ("measure", "language", "edition")
    steps = (DISCARD,)
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


@admin.register(Activity)
class ActivityAdmin(RecordAdmin):
    list_display = ("title", "state", "measure", "date", "place", "audience")
    list_filter = ("measure", "audience", "language", "state")
    list_select_related = ("state", "measure")
    search_fields = ("title", "description", "place", "state__iso3", "state__name_en", "state__name_es")
    autocomplete_fields = ("state",)
    fixed = ("state",)
    fieldsets = (
        (None, {"fields": ("state", "measure", "title", "language", "description", "audience")}),
        (_("When and where"), {"fields": (("date", "end_date"), "online", "place")}),
        (_("With whom"), {"fields": ("partners", "link")}),
    )

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> Activity:
        return report_activity(**typed, by=by, reason=reason)

    def amend(self, record: Any, changes: Mapping[str, Any], *, by: Viewer, reason: str) -> Activity:
        return change_activity(activity=record, changes=changes, by=by, reason=reason)
