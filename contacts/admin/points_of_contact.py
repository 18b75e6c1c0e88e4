from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.access import Viewer
from contacts.admin.base import RecordAdmin, Request
from contacts.admin.imports import NAME as IMPORT
from contacts.admin.imports import DirectoryImports
from contacts.admin.steps import ReasonStep, Step
from contacts.forms import CONTACT_WORDS
from contacts.models import CheckResult, PointOfContact
from contacts.services import (
    confirm_contact,
    correct_contact,
    end_contact,
    lift_do_not_use,
    mark_do_not_use,
    record_check,
    register_contact,
)


class EndStep(ReasonStep):
    on = forms.DateField(label=_("Ended on"), widget=AdminDateWidget, initial=timezone.localdate)

    field_order = ("on", "reason")


class CheckStep(ReasonStep):
    result = forms.ChoiceField(label=_("Result of the check"), choices=CheckResult.choices)

    field_order = ("result", "reason")


STEPS = (
    Step(
        "confirm",
        _("Confirm"),
        _("The entry was confirmed as it stands."),
        lambda contact, typed, by: confirm_contact(contact=contact, by=by, reason=typed["reason"]),
        explanation=_("Say who confirmed to the Secretariat that the entry is true as it stands, and how."),
        offered=lambda contact: contact.is_active,
    ),
    Step(
        "check",
        _("Note a check"),
        _("The result of the communication check was noted."),
        lambda contact, typed, by: record_check(
            contact=contact, result=CheckResult(typed["result"]), by=by, reason=typed["reason"]
        ),
        form=CheckStep,
        explanation=_("Say as the reason how the check was made: by telephone, by e-mail, by whom."),
        offered=lambda contact: contact.is_active,
    ),
    Step(
        "do-not-use",
        _("Mark “do not use”"),
        _("Everyone who sees this contact is now warned not to use it."),
        lambda contact, typed, by: mark_do_not_use(contact=contact, by=by, reason=typed["reason"]),
        explanation=_("The reason is shown beside the contact to everyone who sees it."),
        offered=lambda contact: contact.is_active and not contact.do_not_use,
    ),
    Step(
        "lift-do-not-use",
        _("Lift “do not use”"),
        _("This contact may be used again."),
        lambda contact, typed, by: lift_do_not_use(contact=contact, by=by, reason=typed["reason"]),
        offered=lambda contact: contact.is_active and contact.do_not_use,
    ),
    Step(
        "end",
        _("End the designation"),
        _("The designation has ended. The entry stays for its state and the Secretariat."),
        lambda contact, typed, by: end_contact(
            contact=contact, on=typed["on"], by=by, reason=typed["reason"]
        ),
        form=EndStep,
        explanation=_("A designation ends by a note verbale of the state. It cannot be begun again."),
        offered=lambda contact: contact.is_active,
    ),
)


class InOfficeFilter(admin.SimpleListFilter):
    title = _("in office")
    parameter_name = "office"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return (
            ("active", _("In office")),
            ("due", _("In office, confirmation overdue")),
            ("ended", _("Ended")),
        )

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() == "active":
            return queryset.active()
        if self.value() == "due":
            return queryset.due(timezone.now())
        if self.value() == "ended":
            return queryset.filter(ended_on__isnull=False)
        return queryset


@admin.register(PointOfContact)
class PointOfContactAdmin(DirectoryImports, RecordAdmin):
    list_display = ("full_name", "state", "category", "institution", "in_office", "usable", "confirmed_at")
    list_filter = (InOfficeFilter, "category", "do_not_use", "check_result", "state")
    date_hierarchy = "confirmed_at"
    tools = ((_("Import the directory"), f"admin:{IMPORT}"),)
    shortcuts = (
        (_("All"), ""),
        (_("In office"), "office=active"),
        (_("Confirmation overdue"), "office=due"),
        (_("Do not use"), "office=active&do_not_use__exact=1"),
        (_("No answer at the last check"), "check_result__exact=unreached&office=active"),
        (_("Ended"), "office=ended"),
    )
    bulk = ("confirm", "check")
    list_select_related = ("state", "institution")
    search_fields = ("full_name", "position", "email", "institution__name", "state__iso3", "state__name_en")
    autocomplete_fields = ("state", "institution")
    fixed = ("state",)
    readonly_fields = (
        *("ended_on", "end_reason", "do_not_use", "do_not_use_reason"),
        *("confirmed_at", "confirmed_by", "checked_at", "check_result"),
        *("pgp_fingerprint", "pgp_expires_on"),
    )
    steps = STEPS
    words = CONTACT_WORDS
    designation = ("state", "category", "full_name", "position", "institution")
    note = (("note_reference", "note_date"), "designated_on")
    details: ClassVar[Any] = (
        (_("How to reach"), {"fields": (
            ("email", "email_audience"), ("phone", "phone_audience"),
            ("mobile", "mobile_audience"), ("mailbox", "mailbox_audience"),
        )}),
        (_("Deputy"), {"fields": ("deputy_name", ("deputy_email", "deputy_phone"), "deputy_audience")}),
        (_("Duty hours"), {"fields": ("duty_hours", "time_zone", "duty_audience")}),
        (_("Languages and competences"), {"fields": ("languages", "languages_audience", "competences")}),
    )  # fmt: skip
    add_fieldsets = (
        (_("Designation"), {"fields": (*designation, *note)}),
        *details,
        (_("Secure channel"), {"fields": ("pgp_key", "pgp_audience")}),
    )
    fieldsets = (
        (_("Designation"), {"fields": (*designation, *note, ("ended_on", "end_reason"))}),
        (_("How far the entry can be trusted"), {"fields": (
            ("confirmed_at", "confirmed_by"), ("checked_at", "check_result"),
            ("do_not_use", "do_not_use_reason"),
        )}),
        *details,
        (_("Secure channel"), {"fields": (
            "pgp_key", ("pgp_fingerprint", "pgp_expires_on"), "pgp_audience",
        )}),
    )  # fmt: skip

    @admin.display(description=_("in office"), boolean=True, ordering="ended_on")
    def in_office(self, contact: PointOfContact) -> bool:
        return contact.is_active

    @admin.display(description=_("may be used"), boolean=True, ordering="do_not_use")
    def usable(self, contact: PointOfContact) -> bool:
        return contact.is_active and not contact.do_not_use

    def get_form(self, request: Request, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None and "time_zone" in form.base_fields:
            form.base_fields["time_zone"].required = False
            form.base_fields["time_zone"].help_text = _("If left open, that of the state's capital.")
        if obj is not None:
            for name in ("phone", "mobile", "deputy_phone"):
                if name in form.base_fields:
                    form.base_fields[name].region = obj.state.iso2
        return form

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> PointOfContact:
        if not typed["time_zone"]:
            del typed["time_zone"]
        return register_contact(**typed, by=by, reason=reason)

    def amend(self, record: Any, changes: Mapping[str, Any], *, by: Viewer, reason: str) -> PointOfContact:
        return correct_contact(contact=record, changes=changes, by=by, reason=reason)
