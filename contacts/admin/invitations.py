"""Invitations as the Secretariat enters them: authorities by it alone, delegates and contacts on a state's behalf."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from contacts.access import Viewer
from contacts.access.invitations import invite, resend, revoke
from contacts.admin.base import RecordAdmin, Request
from contacts.admin.steps import Step
from contacts.models import Invitation, InvitationKind


class StandingFilter(admin.SimpleListFilter):
    title = _("validity")
    parameter_name = "standing"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return (
            ("open", _("Open")),
            ("expired", _("Expired")),
            ("accepted", _("Accepted")),
            ("revoked", _("Revoked")),
        )

    def queryset(self, request: Any, queryset: Any) -> Any:
        now = timezone.now()
        chosen = {
            "open": Q(accepted_at=None, revoked_at=None, expires_at__gt=now),
            "expired": Q(accepted_at=None, revoked_at=None, expires_at__lte=now),
            "accepted": Q(accepted_at__isnull=False),
            "revoked": Q(revoked_at__isnull=False),
        }
        return queryset.filter(chosen.get(self.value() or "", Q()))


@admin.register(Invitation)
class InvitationAdmin(RecordAdmin):
    list_display = ("full_name", "email", "kind", "state", "invited_by", "expires_at", "standing")
    list_filter = (StandingFilter, "kind", "state")
    list_select_related = ("state", "invited_by")
    search_fields = ("full_name", "email", "state__iso3", "state__name_en")
    autocomplete_fields = ("state", "contact")
    readonly_fields = ("standing",)
    shortcuts = (
        (_("All"), ""),
        (_("Open"), "standing=open"),
        (_("Expired"), "standing=expired"),
    )
    add_fieldsets = (
        (None, {"fields": ("state", "kind", "contact", "full_name", "email", "language", "until")}),
    )
    fieldsets = (
        (None, {"fields": ("state", "kind", "contact", "full_name", "email", "language", "until")}),
        (_("Standing"), {"fields": ("standing", ("invited_by", "serial", "expires_at"))}),
        (_("Answer"), {"fields": (("accepted_at", "accepted_by"), "revoked_at")}),
    )
    steps = (
        Step(
            "resend",
            _("Send again"),
            _("The invitation is sent again with a new link; the earlier ones are dead."),
            lambda invitation, typed, by: resend(invitation=invitation, by=by, reason=typed["reason"]),
            explanation=_(
                "The new link can be used for as long as a first one. You vouch for it from now on."
            ),
            offered=lambda invitation: invitation.is_unanswered,
        ),
        Step(
            "revoke",
            _("Revoke"),
            _("The invitation is revoked: its link opens nothing any more."),
            lambda invitation, typed, by: revoke(invitation=invitation, by=by, reason=typed["reason"]),
            offered=lambda invitation: invitation.is_unanswered,
        ),
    )

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("validity"))
    def standing(self, invitation: Invitation) -> str:
        return capfirst(str(invitation.standing(timezone.now())))

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> Invitation:
        typed["kind"] = InvitationKind(typed["kind"])
        return invite(**typed, by=by, reason=reason)
