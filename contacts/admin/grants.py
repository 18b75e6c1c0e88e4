"""Who may do what: rights begin and end, with a reason each time, and are never rewritten."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.access import Right, Viewer, end_grant, grant_directory_access, grant_right
from contacts.admin.base import ReasonForm, RecordAdmin, Request
from contacts.admin.steps import Step
from contacts.models import DirectoryAccess, StateGrant

RIGHTS = {
    Right.EDIT_ENTRIES: _("Delegate: edits the state's entries"),
    Right.DESIGNATE: _("Designating authority: nominates and removes, and edits the state's entries"),
}


def runs(grant: StateGrant | DirectoryAccess, at: datetime | None = None) -> bool:
    at = at or timezone.now()
    return grant.since <= at and (grant.until is None or grant.until > at)


END = Step(
    "end",
    _("End now"),
    _("This access has ended, also for sessions and tokens in use."),
    lambda grant, typed, by: end_grant(grant, by=by, reason=typed["reason"]),
    explanation=_(
        "From now on it gives nothing: not on pages, not through the API, not to a session in use."
    ),
    offered=runs,
)


class RunsFilter(admin.SimpleListFilter):
    title = _("validity")
    parameter_name = "runs"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return (
            ("yes", _("Current")),
            ("soon", _("Current, ending soon")),
            ("no", _("Ended or not begun")),
        )

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() == "soon":
            return queryset.filter(pk__in=queryset.model.objects.ending_soon(timezone.now()).values("pk"))
        current = queryset.model.objects.current(timezone.now()).values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=current)
        return queryset.exclude(pk__in=current) if self.value() == "no" else queryset


class RightFilter(admin.SimpleListFilter):
    title = _("right")
    parameter_name = "right"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return tuple((right.value, label) for right, label in RIGHTS.items())

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(permission__codename=self.value()) if self.value() else queryset


class GrantAdmin(RecordAdmin):
    steps = (END,)
    bulk = ("end",)
    date_hierarchy = "since"
    shortcuts = (
        (_("All"), ""),
        (_("Current"), "runs=yes"),
        (_("Ending soon"), "runs=soon"),
        (_("Ended or not begun"), "runs=no"),
    )

    def rows(self, viewer: Viewer) -> Any:
        rows = self.model._default_manager.all()
        return rows if viewer.secretariat else rows.none()

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("current"), boolean=True)
    def current(self, grant: StateGrant | DirectoryAccess) -> bool:
        return runs(grant)


class StateGrantForm(ReasonForm):
    right = forms.ChoiceField(label=_("Right"), choices=[(one.value, label) for one, label in RIGHTS.items()])

    class Meta:
        # The field comes from a package that gives it no name to translate.
        labels = {"user": _("Account")}

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        same = StateGrant.objects.current(timezone.now()).filter(
            user=typed.get("user"),
            content_object=typed.get("content_object"),
            permission__codename=typed.get("right"),
        )
        if same.exists():
            self.add_error("right", _("This person already has this right. End it first to grant it again."))
        return typed


@admin.register(StateGrant)
class StateGrantAdmin(GrantAdmin):
    form = StateGrantForm
    list_display = ("account", "content_object", "right", "since", "until", "current")
    list_filter = (RunsFilter, RightFilter, "content_object")
    list_select_related = ("user", "content_object", "permission")
    search_fields = ("user__email", "user__full_name", "content_object__iso3", "content_object__name_en")
    autocomplete_fields = ("user", "content_object")
    readonly_fields = ("since", "right", "account")
    add_fieldsets = ((None, {"fields": ("user", "content_object", "right", "until")}),)
    fieldsets = ((None, {"fields": ("account", "content_object", "right", ("since", "until"))}),)

    def get_readonly_fields(self, request: Request, obj: Any = None) -> Any:
        return self.readonly_fields if obj else ()

    @admin.display(description=_("account"), ordering="user__full_name")
    def account(self, grant: StateGrant) -> str:
        return str(grant.user)

    @admin.display(description=_("right"), ordering="permission__codename")
    def right(self, grant: StateGrant) -> str:
        return str(RIGHTS[Right(grant.permission.codename)])

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> StateGrant:
        return grant_right(
            user=typed["user"],
            state=typed["content_object"],
            right=Right(typed["right"]),
            until=typed["until"],
            by=by,
            reason=reason,
        )


@admin.register(DirectoryAccess)
class DirectoryAccessAdmin(GrantAdmin):
    list_display = ("user", "kind", "organisation", "state", "contact", "since", "until", "current")
    list_filter = (RunsFilter, "kind", "state")
    list_select_related = ("user", "state", "contact")
    search_fields = ("user__email", "user__full_name", "organisation", "contact__full_name", "state__iso3")
    autocomplete_fields = ("user", "state", "contact")
    add_fieldsets = ((None, {"fields": ("user", "kind", "organisation", "state", "contact", "until")}),)
    fieldsets = (
        (None, {"fields": ("user", "kind", "organisation", "state", "contact", ("since", "until"))}),
    )

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> DirectoryAccess:
        return grant_directory_access(**typed, by=by, reason=reason)
