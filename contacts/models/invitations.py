"""Invitations: how people come to act for a state, or to read the directory as its point of contact."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from cbmportal import fields
from cbmportal.history.models import Record, tracked
from contacts.models.contacts import PointOfContact
from contacts.models.states import State
from contacts.models.words import InvitationKind
from contacts.querysets import InvitationQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SIGNER = Signer(sep=".", salt="contacts.invitation")


@tracked
class Invitation(Record):
    """Somebody is asked to act for a state, or is offered the read-only account of a point of contact.

    Its link is signed: it names the invitation and its serial, and nothing that opens it is stored.
    """

    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", verbose_name=_("state"))
    kind = models.CharField(_("invited as"), max_length=9, choices=InvitationKind.choices)
    contact = models.ForeignKey(
        PointOfContact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("point of contact"),
    )
    email = models.EmailField(_("e-mail address"))
    full_name = fields.LineField(_("full name"), max_length=200)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    until = models.DateTimeField(_("acts for the state until"), null=True, blank=True)

    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("invited by"),
    )
    expires_at = models.DateTimeField(_("may be accepted until"), editable=False)
    #: Sent again, it has another link, and the earlier ones are dead.
    serial = models.PositiveSmallIntegerField(_("times sent"), default=1, editable=False)
    accepted_at = models.DateTimeField(_("accepted on"), null=True, blank=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    revoked_at = models.DateTimeField(_("revoked on"), null=True, blank=True, editable=False)
    purged_at = models.DateTimeField(_("personal data deleted on"), null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    PURGED = fields.Purged(dashed=("email", "full_name"))

    class Meta(Record.Meta):
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        triggers = [
            *Record.Meta.triggers,
            pgtrigger.Protect(
                name="stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__accepted_at__isnull=False)
                | pgtrigger.Q(old__revoked_at__isnull=False),
            ),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]
        constraints = [
            fields.one_of("kind", InvitationKind),
            fields.not_blank("email"),
            fields.not_blank("full_name"),
            models.CheckConstraint(
                condition=Q(kind=InvitationKind.CONTACT, contact__isnull=False)
                | Q(kind__in=[InvitationKind.AUTHORITY, InvitationKind.DELEGATE], contact__isnull=True),
                name="contacts_invitation_names_the_contact",
                violation_error_message=_("Name the point of contact who is offered an account, or none."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="contacts_invitation_is_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="contacts_invitation_has_one_end",
            ),
            models.CheckConstraint(
                condition=Q(serial__gte=1), name="contacts_invitation_is_sent_at_least_once"
            ),
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True)
                | Q(accepted_at__isnull=False)
                | Q(revoked_at__isnull=False),
                name="contacts_invitation_is_purged_when_closed",
            ),
            models.UniqueConstraint(
                "state",
                "kind",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="contacts_invitation_is_open_once",
                violation_error_message=_("This person has an invitation already. Send that one again."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def clean(self) -> None:
        if self.contact and self.contact.state_id != self.state_id:
            raise ValidationError({"contact": translated("This contact is of another state.")})
        if self.until and self.is_unanswered and self.until <= timezone.now():
            raise ValidationError({"until": translated("Choose a day in the future.")})

    @property
    def is_unanswered(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None

    def is_open(self, at: datetime) -> bool:
        """Whether its link still opens anything; the twin of `InvitationQuerySet.open`."""
        return self.is_unanswered and self.expires_at > at

    def standing(self, at: datetime) -> StrOrPromise:
        """How it stands, in words."""
        if self.accepted_at:
            return _("accepted")
        if self.revoked_at:
            return _("revoked")
        return _("open") if self.is_open(at) else _("expired")

    # The link ----------------------------------------------------------------------------------------------

    @property
    def signed(self) -> str:
        return SIGNER.sign(f"{self.uuid.hex}.{self.serial}")

    @property
    def link(self) -> str:
        return reverse("invitation", args=[self.signed])


def read_link(signed: str) -> tuple[str, int] | None:
    """The uuid and the serial that the portal itself has put into a link; None of anything else."""
    try:
        uuid, _dot, serial = SIGNER.unsign(signed).rpartition(".")
    except BadSignature:
        return None
    return uuid, int(serial)
