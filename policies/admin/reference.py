"""What the Secretariat keeps for the whole repository: the glossary, and its settings."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from contacts.access import Viewer
from contacts.admin.base import RecordAdmin, Request
from contacts.admin.steps import DISCARD
from contacts.services import curate
from policies.models import GlossaryTerm, RepositorySettings


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(RecordAdmin):
    list_display = ("key", "topic", "term_en", "term_es", "term_pt", "term_fr")
    list_filter = ("topic",)
    search_fields = ("key", "term_en", "term_es", "term_pt", "term_fr")
    steps = (DISCARD,)
    fixed = ("key",)
    fieldsets = (
        (None, {"fields": ("key", "topic")}),
        (_("English"), {"fields": ("term_en", "synonyms_en", "definition_en")}),
        (_("Spanish"), {"fields": ("term_es", "synonyms_es", "definition_es")}),
        (_("Portuguese"), {"fields": ("term_pt", "synonyms_pt", "definition_pt")}),
        (_("French"), {"fields": ("term_fr", "synonyms_fr", "definition_fr")}),
    )


@admin.register(RepositorySettings)
class RepositorySettingsAdmin(RecordAdmin):
    list_display = ("__str__", "show_compiled")
    fieldsets = ((None, {"fields": ("show_compiled",)}),)

    def rows(self, viewer: Viewer) -> Any:
        rows = RepositorySettings.objects.all()
        return rows if viewer.secretariat else rows.none()

    def has_add_permission(self, request: Request) -> bool:
        return super().has_add_permission(request) and not RepositorySettings.objects.exists()

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> Any:
        record.pk = 1
        return curate(record, by=by, reason=reason)
