"""Who has read the directory, as the Secretariat sees it: the person too. Nothing here can be changed."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from contacts.admin.base import DeskAdmin, Request
from contacts.models import DirectoryRead
from contacts.reads import reader_in_words


@admin.register(DirectoryRead)
class DirectoryReadAdmin(DeskAdmin):
    list_display = ("day", "state", "user", "reader", "via", "first_at")
    list_filter = ("via", "state")
    list_select_related = ("state", "user")
    date_hierarchy = "day"
    search_fields = ("user__full_name", "user__email", "organisation")
    ordering = ("-day", "-pk")
    fieldsets = ((None, {"fields": ("day", "state", "user", "reader", "via", "first_at")}),)
    readonly_fields = ("reader",)

    def has_add_permission(self, request: Request) -> bool:
        return False

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("for whom"))
    def reader(self, read: DirectoryRead) -> str:
        return reader_in_words(read.reader_states, read.organisation)
