"""Nominations, replacements and removals before the Secretariat: accepted or returned from a queue, or entered."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.access import Viewer
from contacts.act_forms import ACT_WORDS
from contacts.admin.base import ReasonForm, RecordAdmin, Request
from contacts.admin.queue import DecisionForm, Queue
from contacts.models import FormalAct
from contacts.scans import SCAN_HELP, read_scan
from contacts.services.acts import accept_act, enter_act, removes_the_last, return_act

SAID_OFTEN = {
    "seal": gettext_lazy("Please sign and seal the note verbale."),
    "legible": gettext_lazy("Please attach a scan in which the whole note can be read."),
    "differs": gettext_lazy(
        "The note and the draft do not say the same. Please correct one of them, and attach the note anew."
    ),
    "reference": gettext_lazy("Please check the reference and the date of the note."),
    "position": gettext_lazy("Please give the official position in full."),
    "person": gettext_lazy("Please give the e-mail address at which this official is reached."),
}


class ActDecisionForm(DecisionForm):
    said_often = SAID_OFTEN


class EnteredActForm(ReasonForm):
    """A note verbale that came to the Secretariat by another way than the portal."""

    scan = forms.FileField(
        label=gettext_lazy("Signed note"),
        help_text=SCAN_HELP,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("note_reference", "note_date", "received_how"):
            self.fields[name].required = True
        self.fields["category"].required = False
        self.fields["category"].help_text = _(
            "Of a nomination; otherwise it is that of the outgoing contact."
        )

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("outgoing") and not typed.get("category"):
            typed["category"] = typed["outgoing"].category
        if typed.get("scan") is not None:
            try:
                typed["scan"] = read_scan(typed["scan"])
            except ValidationError as error:
                self.add_error("scan", error.messages)
        return typed


@admin.register(FormalAct)
class FormalActAdmin(Queue, RecordAdmin):
    queue_title = gettext_lazy("Nominations and removals to decide")
    queue_template = "admin/act_review.html"
    queue_empty = gettext_lazy(
        "What the states submit by note verbale appears here, the oldest first. The directory changes when you accept."
    )
    decision_form = ActDecisionForm
    decided = {
        "accept": gettext_lazy("Accepted, and in the directory: {record}."),
        "return": gettext_lazy("Returned to its state: {record}."),
    }
    add_form = EnteredActForm
    words = ACT_WORDS
    list_display = ("who", "kind", "state", "category", "stage", "on_behalf", "submitted_at", "decided_at")
    list_filter = ("stage", "kind", "category", "on_behalf", "state")
    list_select_related = ("state", "outgoing")
    date_hierarchy = "submitted_at"
    search_fields = ("full_name", "outgoing__full_name", "note_reference", "state__iso3", "state__name_en")
    autocomplete_fields = ("state", "institution", "outgoing")
    tools = ((gettext_lazy("Decide upon the queue"), "admin:contacts_formalact_review_queue"),)
    shortcuts = (
        (gettext_lazy("All"), ""),
        (gettext_lazy("Submitted"), "stage__exact=submitted"),
        (gettext_lazy("With their states"), "stage__in=draft,note_attached,returned"),
    )
    add_fieldsets = (
        (None, {"fields": ("state", "kind", "category", "outgoing")}),
        (gettext_lazy("The official"), {"fields": ("full_name", "position", "institution", "email", "phone")}),
        (gettext_lazy("The note verbale"), {"fields": (
            ("issuer", "note_language"), ("note_reference", "note_date"), "scan", "received_how", "stated_reason",
        )}),
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("state", "kind", "stage", "category", "outgoing")}),
        (gettext_lazy("The official"), {"fields": FormalAct.NOMINEE}),
        (gettext_lazy("The note verbale"), {"fields": (
            ("issuer", "note_language"), ("note_reference", "note_date"), "signed", "on_behalf", "received_how",
        )}),
        (gettext_lazy("What became of it"), {"fields": (
            ("submitted_at", "submitted_by"), ("decided_at", "decided_by"), "comment", "contact",
        )}),
    )  # fmt: skip
    readonly_fields = ("signed",)

    def waiting(self, request: Request) -> list[int]:
        rows = FormalAct.objects.visible_to(request.viewer).to_decide()
        return list(rows.order_by("submitted_at", "pk").values_list("pk", flat=True))

    def decide(self, record: Any, decision: str, form: Any, by: Viewer) -> object:
        version = form.cleaned_data["version"]
        if decision == "accept":
            return accept_act(act=record, by=by, version=version)
        return return_act(act=record, comment=form.whole_comment, by=by, version=version)

    def queue_context(self, request: Request, record: Any) -> dict[str, Any]:
        return {
            "act": record,
            "state": record.state,
            "last": removes_the_last(record),
            "notes": record.signed_notes.visible_to(request.viewer).without_content(),
        }

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        """It is decided upon in the queue; what it says is the state's own."""
        return False

    def may_decide(self, request: Request, record: Any) -> bool:
        return self.has_add_permission(request)

    @admin.display(description=gettext_lazy("official"), ordering="full_name")
    def who(self, act: FormalAct) -> str:
        return str(act)

    @admin.display(description=gettext_lazy("signed note"))
    def signed(self, act: FormalAct) -> str:
        notes = act.signed_notes.without_content()
        addresses = (
            (reverse("my_act_signed_note", args=[act.state.iso3, act.uuid, note.number]), note.name)
            for note in notes
        )
        return format_html_join(" · ", '<a href="{}">{}</a>', addresses) or "–"

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> FormalAct:
        outgoing = typed.pop("outgoing")
        return enter_act(outgoing=outgoing, by=by, reason=reason, **typed)
