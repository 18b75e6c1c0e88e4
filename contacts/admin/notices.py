"""Notices as the Secretariat sees them: who was to be told of what kind of thing, and whether it arrived.

What an e-mail said is not kept, so it is not shown.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cbmportal.notices.kinds import is_repeatable, known_kinds, label_of
from cbmportal.notices.models import Notice
from cbmportal.notices.services import put_aside, send_again
from contacts.access import Viewer
from contacts.admin.base import DeskAdmin, Request
from contacts.admin.steps import PlainStep, Step


class FateFilter(admin.SimpleListFilter):
    title = _("what became of it")
    parameter_name = "fate"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("undelivered", _("Undelivered")),
            ("waiting", _("Waiting")),
            ("sent", _("Sent")),
            ("withdrawn", _("No longer to be sent")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = {
            "undelivered": Notice.objects.undelivered(),
            "waiting": Notice.objects.waiting(),
            "sent": Notice.objects.filter(sent_at__isnull=False),
            "withdrawn": Notice.objects.filter(withdrawn_at__isnull=False),
        }
        rows = chosen.get(self.value() or "")
        return queryset if rows is None else queryset.filter(pk__in=rows.order_by().values("pk"))


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(kind.code, capfirst(str(kind.label))) for kind in known_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Notice)
class NoticeAdmin(DeskAdmin):
    list_display = ("kind_in_words", "recipient", "created_at", "fate", "attempts", "last_error")
    list_filter = (FateFilter, KindFilter, "urgent", "daily")
    list_select_related = ("to",)
    search_fields = ("to__full_name", "to__email")
    ordering = ("-created_at", "-pk")
    fieldsets = (
        (None, {"fields": ("kind_in_words", "recipient", "fate", ("urgent", "daily"), "created_at")}),
        (
            _("Sending"),
            {
                "fields": (
                    ("attempts", "next_attempt_at", "failing_since"),
                    "last_error",
                    ("sent_at", "given_up_at", "withdrawn_at"),
                    "expires_at",
                )
            },
        ),
    )
    steps = (
        Step(
            "send-again",
            _("Send again"),
            _("It will be sent with the next notices."),
            lambda notice, typed, by: send_again(notice=notice),
            form=PlainStep,
            explanation=_(
                "Check the address of the account first: mail to an address that does not exist is refused again."
            ),
            offered=lambda notice: notice.given_up_at is not None and is_repeatable(notice.kind),
        ),
        Step(
            "put-aside",
            _("Put aside"),
            _("It no longer counts as undelivered."),
            lambda notice, typed, by: put_aside(notice=notice),
            form=PlainStep,
            explanation=_("The recipient was told in another way, or no longer needs to be told."),
            offered=lambda notice: notice.given_up_at is not None,
        ),
    )

    def rows(self, viewer: Viewer) -> Any:
        return Notice.objects.all() if viewer.secretariat else Notice.objects.none()

    def has_add_permission(self, request: Request) -> bool:
        return False

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("kind"), ordering="kind")
    def kind_in_words(self, notice: Notice) -> str:
        return capfirst(label_of(notice.kind))

    @admin.display(description=_("to"), ordering="to__full_name")
    def recipient(self, notice: Notice) -> str:
        return notice.recipient

    @admin.display(description=_("what became of it"))
    def fate(self, notice: Notice) -> str:
        return fate_of(notice)


def fate_of(notice: Notice) -> str:
    if notice.sent_at:
        return str(_("sent"))
    if notice.given_up_at:
        return str(_("given up"))
    if notice.withdrawn_at:
        return str(_("no longer to be sent"))
    return str(_("failing") if notice.failing_since else _("waiting"))
