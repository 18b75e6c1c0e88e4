"""What belongs to a submission: translations and copies of the document."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from contacts.access import Viewer
from contacts.admin.base import ReasonForm, RecordAdmin, Request
from policies.models import PolicyFile, PolicyTranslation
from policies.services import add_file, set_translation


class NewTranslationForm(ReasonForm):
    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        same = PolicyTranslation.objects.filter(policy=typed.get("policy"), language=typed.get("language"))
        if same.exists():
            self.add_error("language", _("There is a translation into this language: change that one."))
        return typed


@admin.register(PolicyTranslation)
class PolicyTranslationAdmin(RecordAdmin):
    add_form = NewTranslationForm
    list_display = ("title", "policy", "language", "standing")
    list_filter = ("language", "standing")
    list_select_related = ("policy",)
    search_fields = ("title", "policy__ref", "policy__title")
    autocomplete_fields = ("policy",)
    fixed = ("policy", "language")
    fieldsets = ((None, {"fields": ("policy", "language", "standing", "title", "description")}),)

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> PolicyTranslation:
        return set_translation(**typed, by=by, reason=reason)

    def amend(self, record: Any, changes: Mapping[str, Any], *, by: Viewer, reason: str) -> PolicyTranslation:
        return set_translation(
            policy=record.policy, language=record.language, by=by, reason=reason, **changes
        )


class NewFileForm(ReasonForm):
    file = forms.FileField(
        label=_("File"), max_length=150, help_text=_("A PDF of at most 20 MB. Earlier copies are kept.")
    )


@admin.register(PolicyFile)
class PolicyFileAdmin(RecordAdmin):
    """Copies are added, never changed."""

    add_form = NewFileForm
    list_display = ("name", "policy", "number", "size", "created_at")
    list_select_related = ("policy",)
    search_fields = ("name", "policy__ref", "policy__title", "sha256")
    autocomplete_fields = ("policy",)
    add_fieldsets = ((None, {"fields": ("policy", "name", "file")}),)
    fieldsets = ((None, {"fields": ("policy", "name", "number", "size", "sha256", "created_at")}),)

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> PolicyFile:
        return add_file(
            policy=typed["policy"], upload=typed["file"], name=typed["name"], by=by, reason=reason
        )
