from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.access import Viewer
from contacts.admin.base import ReasonForm, RecordAdmin
from contacts.admin.steps import CommentStep, PlainStep, Step
from policies.admin.review import ReviewQueue
from policies.models import PolicySubmission, Provenance, ReviewStatus
from policies.services import (
    compile_policy,
    correct_policy,
    enter_received_policy,
    publish_policy,
    return_policy,
)

HOW_RECEIVED = ("received_how", "received_on")


class NewPolicyForm(ReasonForm):
    """The Secretariat enters what it has received from a state or found itself; it never drafts for a state."""

    origin = forms.ChoiceField(
        label=_("Provenance"),
        choices=[(one.value, one.label) for one in (Provenance.RECEIVED, Provenance.COMPILED)],
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        received = typed.get("origin") == Provenance.RECEIVED
        for name in HOW_RECEIVED:
            if received and name in typed and not typed[name]:
                self.add_error(name, _("Say how and when the document was received from the state."))
            if typed.get("origin") == Provenance.COMPILED and typed.get(name):
                self.add_error(name, _("Leave this empty: the document was not received from the state."))
        if typed.get("origin") == Provenance.COMPILED and not typed.get("source_grade"):
            self.add_error("source_grade", _("Say what kind of source the record was compiled from."))
        return typed


def is_submitted(policy: PolicySubmission) -> bool:
    return policy.status == ReviewStatus.SUBMITTED


@admin.register(PolicySubmission)
class PolicySubmissionAdmin(ReviewQueue, RecordAdmin):
    add_form = NewPolicyForm
    list_display = ("ref", "title", "state", "kind", "legal_status", "status", "submitted_at", "published_at")
    list_display_links = ("ref", "title")
    list_filter = ("status", "provenance", "kind", "legal_status", "language", "state")
    list_select_related = ("state",)
    date_hierarchy = "submitted_at"
    tools = ((_("Review the queue"), "admin:policies_policysubmission_review_queue"),)
    shortcuts = (
        (_("All"), ""),
        (_("To review"), "status__exact=submitted&o=7"),
        (_("Returned to their state"), "status__exact=returned"),
        (_("Published"), "status__exact=published"),
        (_("Compiled, not yet adopted"), "status__exact=compiled"),
    )
    bulk = ("publish", "return")
    search_fields = ("ref", "title", "official_number", "state__iso3", "state__name_en", "state__name_es")
    autocomplete_fields = ("state", "superseded_by")
    fixed = ("state",)
    readonly_fields = (
        "ref", "provenance", "status", "submitted_at", "submitted_by", "review_comment", "published_at",
    )  # fmt: skip
    lists = (
        (_("Translations"), "policies_policytranslation", "policy__id__exact"),
        (_("File copies"), "policies_policyfile", "policy__id__exact"),
    )
    steps = (
        Step(
            "publish",
            pgettext_lazy("submission", "Publish"),
            _("The submission is published."),
            lambda policy, typed, by: publish_policy(policy=policy, by=by),
            form=PlainStep,
            explanation=_(
                "Its form is in order: it is complete and its link works. The content is the state's own."
            ),
            offered=is_submitted,
        ),
        Step(
            "return",
            _("Return with a comment"),
            _("The submission was returned to its state with your comment."),
            lambda policy, typed, by: return_policy(policy=policy, comment=typed["comment"], by=by),
            form=CommentStep,
            explanation=_("Say what the state should complete in the form of its submission."),
            offered=is_submitted,
        ),
    )
    document: ClassVar[Any] = (
        (_("Document"), {"fields": (
            "title", "language", "description", "kind", "official_number", "responsible_institutions",
        )}),
        (_("Dates and legal status"), {"fields": (
            ("date", "date_kind"), "in_force_from", ("legal_status", "legal_status_inferred"), "superseded_by",
        )}),
        (_("Where to find it"), {"fields": ("link", "citation")}),
    )  # fmt: skip
    came: ClassVar[Any] = (_("How it came here"), {"fields": (HOW_RECEIVED, "source_grade", "notes")})
    add_fieldsets = ((None, {"fields": ("state", "origin")}), *document, came)
    fieldsets = (
        (None, {"fields": (
            ("state", "ref"), ("provenance", "status"), ("submitted_at", "submitted_by"),
            "published_at", "review_comment",
        )}),
        *document,
        came,
    )  # fmt: skip

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> PolicySubmission:
        if typed.pop("origin") == Provenance.RECEIVED:
            return enter_received_policy(**typed, by=by, reason=reason)
        return compile_policy(**typed, by=by, reason=reason)

    def amend(self, record: Any, changes: Mapping[str, Any], *, by: Viewer, reason: str) -> PolicySubmission:
        return correct_policy(policy=record, changes=changes, by=by, reason=reason)
