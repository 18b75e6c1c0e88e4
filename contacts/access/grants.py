"""Who was granted what, from when until when. Granting and ending go through `contacts.access`."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.managers import UserObjectPermissionManager
from guardian.models import UserObjectPermissionBase

from cbmportal import fields
from cbmportal.history.models import Record, tracked
from cbmportal.history.querysets import RecordQuerySet
from contacts.models.words import AccessKind


class Right(StrEnum):
    """The only two rights on a state. Whoever may designate may also edit."""

    EDIT_ENTRIES = "edit_entries"
    DESIGNATE = "designate"


#: How long before its end a grant is called to mind.
ENDS_SOON = timedelta(days=30)


class GrantQuerySet(RecordQuerySet[Any]):
    def current(self, at: datetime) -> Any:
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)

    def ending_soon(self, at: datetime) -> Any:
        return self.current(at).filter(until__lte=at + ENDS_SOON)


class DatedGrant(Record):
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta(Record.Meta):
        abstract = True
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="%(app_label)s_%(class)s_ends_after_it_begins",
                violation_error_message=_("Access must end after it begins."),
            )
        ]


@tracked
class StateGrant(UserObjectPermissionBase, DatedGrant):
    """A person's right on a state: `edit_entries` (delegate) or `designate` (designating authority)."""

    content_object = models.ForeignKey(
        "contacts.State", on_delete=models.PROTECT, related_name="grants", verbose_name=_("state")
    )

    objects: ClassVar[Any] = UserObjectPermissionManager.from_queryset(GrantQuerySet)()

    class Meta(UserObjectPermissionBase.Meta, DatedGrant.Meta):
        abstract = False
        verbose_name = _("right on a state")
        verbose_name_plural = _("rights on states")
        constraints = [*DatedGrant.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.user} · {self.content_object}"


@tracked
class DirectoryAccess(DatedGrant):
    """Dated reading of the directory, for those who represent no state in the portal."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("account")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AccessKind.choices)
    organisation = fields.LineField(_("organisation"), max_length=200, blank=True)
    state = models.ForeignKey(
        "contacts.State",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("state"),
    )
    contact = models.ForeignKey(
        "contacts.PointOfContact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("point of contact"),
    )

    objects = GrantQuerySet.as_manager()

    class Meta(DatedGrant.Meta):
        abstract = False
        verbose_name = _("access to the directory")
        verbose_name_plural = _("access to the directory")
        constraints = [
            *DatedGrant.Meta.constraints,
            fields.one_of("kind", AccessKind),
            models.CheckConstraint(
                condition=Q(kind="observer", state__isnull=True, contact__isnull=True) & ~Q(organisation="")
                | Q(kind="duty_desk", state__isnull=False, contact__isnull=True)
                | Q(kind="contact", state__isnull=False, contact__isnull=False),
                name="contacts_directoryaccess_says_for_whom",
                violation_error_message=_(
                    "An observer belongs to an organisation, a duty desk to a state, a contact to its entry."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"

    def clean(self) -> None:
        if self.contact and self.state_id and self.contact.state_id != self.state_id:
            raise ValidationError({"contact": _("This contact is of another state.")})
