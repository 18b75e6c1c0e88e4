"""Accounts and API tokens, kept here because opening an account is the first step of giving access."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cbmportal.accounts.models import ApiToken, User
from cbmportal.accounts.second_factor import with_second_factor
from contacts.access import Viewer
from contacts.access.accounts import (
    ACCOUNT_FIELDS,
    accounts_without_access,
    administers,
    appoint_officer,
    change_account,
    close_account,
    dismiss_officer,
    may_change_account,
    open_account,
    reopen_account,
    reset_second_factor,
)
from contacts.access.tokens import revoke_all_tokens, revoke_token
from contacts.admin.base import DeskAdmin, Request
from contacts.admin.steps import PlainStep, ReasonStep, Step


class RevokeStep(ReasonStep):
    """The reason goes to the owner."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("The history keeps it, and the owner is told by e-mail.")


class OfficeAdmin(DeskAdmin):
    """Rows that only the Secretariat reads."""

    def rows(self, viewer: Viewer) -> Any:
        rows = self.model._default_manager.all()
        return rows if viewer.secretariat else rows.none()


class AccessFilter(admin.SimpleListFilter):
    title = _("access")
    parameter_name = "access"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return (("none", _("Active, without any access")),)

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() == "none":
            return queryset.filter(pk__in=accounts_without_access(timezone.now()).values("pk"))
        return queryset


@admin.register(User)
class UserAdmin(OfficeAdmin):
    history = True
    list_display = ("full_name", "email", "language", "is_active", "is_staff", "last_login")
    list_filter = (AccessFilter, "is_active", "is_staff", "language")
    search_fields = ("full_name", "email")
    ordering = ("full_name", "pk")
    readonly_fields = (
        *("is_active", "is_staff", "date_joined", "last_login", "second_factor"),
        "second_factor_reset_at",
    )
    lists = (
        (_("Rights on states"), "contacts_stategrant", "user__id__exact"),
        (_("Access to the directory"), "contacts_directoryaccess", "user__id__exact"),
        (_("API tokens"), "accounts_apitoken", "user__id__exact"),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ACCOUNT_FIELDS,
                "description": _(
                    "No password is set here: the person sets one by way of “forgotten password”."
                    " What the account may see is granted apart from it."
                ),
            },
        ),
    )
    fieldsets = (
        (None, {"fields": ACCOUNT_FIELDS}),
        (_("Standing"), {"fields": (("is_active", "is_staff"), ("date_joined", "last_login"))}),
        (_("Second factor"), {"fields": (("second_factor", "second_factor_reset_at"),)}),
    )
    steps = (
        Step(
            "close",
            _("Close the account"),
            _("The account is closed: sessions and API tokens have ended."),
            lambda user, typed, by: close_account(user=user, by=by),
            form=PlainStep,
            explanation=_(
                "The person is signed out everywhere and can no longer sign in. API tokens are revoked."
            ),
            offered=lambda user: user.is_active,
            allowed=may_change_account,
        ),
        Step(
            "reopen",
            _("Open the account again"),
            _("The account is open again; the person sets a new password."),
            lambda user, typed, by: reopen_account(user=user, by=by),
            form=PlainStep,
            explanation=_("Rights that still run are in force again at once. Check them first."),
            offered=lambda user: not user.is_active,
            allowed=may_change_account,
        ),
        Step(
            "reset-second-factor",
            _("Reset the second factor"),
            _("The second factor is removed; the person is told by e-mail and sets up a new one."),
            lambda user, typed, by: reset_second_factor(user=user, by=by, reason=typed["reason"]),
            form=ReasonStep,
            explanation=_(
                "For somebody who has lost it. Make sure who is asking by calling back on a number that you know."
                " Authenticator app, passkeys and recovery codes are removed, and every session ends."
            ),
            offered=lambda user: user.has_factor,
            allowed=lambda viewer, user: user.pk != viewer.user_id and may_change_account(viewer, user),
        ),
        Step(
            "revoke-tokens",
            _("Revoke all API tokens"),
            _("The API tokens are revoked; systems that use them are refused."),
            lambda user, typed, by: revoke_all_tokens(user=user, by=by, reason=typed["reason"]),
            form=RevokeStep,
            explanation=_("For an account whose keys may be in wrong hands. The account itself stays open."),
            offered=lambda user: user.has_tokens,
        ),
        Step(
            "appoint",
            _("Appoint as Secretariat officer"),
            _("This person is now a Secretariat officer."),
            lambda user, typed, by: appoint_officer(user=user, by=by),
            form=PlainStep,
            explanation=_("An officer sees everything and acts for every state."),
            offered=lambda user: user.is_active and not user.is_staff,
            allowed=lambda viewer, user: administers(viewer),
        ),
        Step(
            "dismiss",
            _("End the appointment as officer"),
            _("This person is no longer a Secretariat officer."),
            lambda user, typed, by: dismiss_officer(user=user, by=by),
            form=PlainStep,
            offered=lambda user: user.is_staff,
            allowed=lambda viewer, user: administers(viewer),
        ),
    )

    def rows(self, viewer: Viewer) -> Any:
        tokens = ApiToken.objects.filter(user=OuterRef("pk"))
        return with_second_factor(super().rows(viewer)).annotate(has_tokens=Exists(tokens))

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, user: Any) -> bool:
        return bool(user.has_factor)

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        if obj is None:
            return super().has_change_permission(request)
        return may_change_account(request.viewer, obj)

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> User:
        return open_account(**typed, by=by)

    def amend(self, record: Any, changes: Mapping[str, Any], *, by: Viewer, reason: str) -> User:
        return change_account(user=record, changes=changes, by=by)


@admin.register(ApiToken)
class ApiTokenAdmin(OfficeAdmin):
    """Tokens are made by their owners and shown to them once; here they can only be revoked."""

    list_display = ("name", "owner", "scope", "made_at", "expires_at", "last_used_at")
    list_filter = ("scope",)
    list_select_related = ("user",)
    readonly_fields = ("owner", "made_at", "expires_at")
    search_fields = ("name", "user__email", "user__full_name")
    ordering = ("-created",)
    fieldsets = ((None, {"fields": ("name", "owner", "scope", "made_at", "expires_at", "last_used_at")}),)
    steps = (
        Step(
            "revoke",
            _("Revoke"),
            _("The token was revoked; clients that use it are refused."),
            lambda token, typed, by: revoke_token(token=token, by=by, reason=typed["reason"]),
            form=RevokeStep,
            takes_away=True,
        ),
    )

    def has_add_permission(self, request: Request) -> bool:
        return False

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        return False

    # Named here, because the package that has these fields gives them no names to translate.

    @admin.display(description=_("account"), ordering="user__full_name")
    def owner(self, token: ApiToken) -> str:
        return str(token.user)

    @admin.display(description=_("made on"), ordering="created")
    def made_at(self, token: ApiToken) -> datetime:
        return token.created  # type: ignore[no-any-return]

    @admin.display(description=_("expires on"), ordering="expiry")
    def expires_at(self, token: ApiToken) -> datetime | None:
        return token.expiry  # type: ignore[no-any-return]
