from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cbmportal import fields
from cbmportal.accounts.models import validate_time_zone
from cbmportal.addresses import address
from cbmportal.history.models import Record, tracked
from contacts import duty
from contacts.models.states import Institution, State
from contacts.models.words import Category, CheckResult, Competence, ContactAudience
from contacts.querysets import PointOfContactQuerySet, represented_by, seen_by

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from contacts.access import Viewer


def audience_field(label: StrOrPromise) -> models.CharField[str, str]:
    return models.CharField(
        label, max_length=11, choices=ContactAudience.choices, default=ContactAudience.MEMBERS
    )


@tracked
class PointOfContact(Record):
    """An official whom a state has designated, and how to reach the office. Contacts end; they are never deleted."""

    # What a nomination decides: another official is another contact.
    state = models.ForeignKey(
        State, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("state")
    )
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    full_name = fields.LineField(_("full name"), max_length=200)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("institution")
    )
    note_reference = fields.LineField(_("reference of the note verbale"), max_length=100, blank=True)
    note_date = models.DateField(_("date of the note verbale"), null=True, blank=True)
    designated_on = models.DateField(_("designated on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = fields.LineField(_("why it ended"), max_length=500, blank=True)
    do_not_use = models.BooleanField(_("do not use"), default=False)
    do_not_use_reason = fields.LineField(_("why not to use it"), max_length=500, blank=True)

    # Details that any delegate of the state changes at once, most with an audience of their own.
    position = fields.LineField(_("official position"), max_length=200)
    email = models.EmailField(_("e-mail address"))
    email_audience = audience_field(_("who sees the e-mail address"))
    phone = fields.TelephoneField(_("telephone"), blank=True)
    phone_audience = audience_field(_("who sees the telephone"))
    mobile = fields.TelephoneField(_("mobile telephone"), blank=True)
    mobile_audience = audience_field(_("who sees the mobile telephone"))
    mailbox = models.EmailField(_("function mailbox"), blank=True)
    mailbox_audience = audience_field(_("who sees the function mailbox"))
    deputy_name = fields.LineField(_("deputy"), max_length=200, blank=True)
    deputy_email = models.EmailField(_("e-mail address of the deputy"), blank=True)
    deputy_phone = fields.TelephoneField(_("telephone of the deputy"), blank=True)
    deputy_audience = audience_field(_("who sees the deputy"))
    duty_hours = models.JSONField(
        _("duty hours"), default=dict, blank=True, validators=[duty.validate_duty_hours]
    )
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[validate_time_zone])
    duty_audience = audience_field(_("who sees the duty hours"))
    languages = fields.CodesField(fields.Language, verbose_name=_("languages spoken"), blank=True)
    languages_audience = audience_field(_("who sees the languages spoken"))
    competences = fields.CodesField(Competence, verbose_name=_("competences"), blank=True)
    pgp_key = fields.ProseField(_("PGP public key"), blank=True, max_length=20_000)
    pgp_fingerprint = models.CharField(_("PGP fingerprint"), max_length=64, blank=True, editable=False)
    pgp_expires_on = models.DateField(_("PGP key expires on"), null=True, blank=True, editable=False)
    pgp_audience = audience_field(_("who sees the PGP key"))

    # How far the entry can be trusted today.
    confirmed_at = models.DateTimeField(_("last confirmed"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    checked_at = models.DateTimeField(_("last communication check"), null=True, blank=True, editable=False)
    check_result = models.CharField(
        _("result of the check"), max_length=10, choices=CheckResult.choices, blank=True, editable=False
    )

    purged_at = models.DateTimeField(_("personal data deleted on"), null=True, blank=True, editable=False)

    objects = PointOfContactQuerySet.as_manager()

    #: What is emptied when the personal data of an ended contact is deleted (contacts/purging); the rest is the fact.
    PURGED = fields.Purged(
        dashed=("full_name", "position", "email", "end_reason"),
        cleared={
            **dict.fromkeys(
                ("phone", "mobile", "mailbox", "deputy_name", "deputy_email", "deputy_phone"), ""
            ),
            **dict.fromkeys(("pgp_key", "pgp_fingerprint", "do_not_use_reason"), ""),
            "duty_hours": {},
            "languages": [],
            "competences": [],
            "pgp_expires_on": None,
            "do_not_use": False,
        },
    )

    #: Which audience decides over which details. What is not named here every member sees.
    AUDIENCES = {
        "email_audience": ("email",),
        "phone_audience": ("phone",),
        "mobile_audience": ("mobile",),
        "mailbox_audience": ("mailbox",),
        "deputy_audience": ("deputy_name", "deputy_email", "deputy_phone"),
        "duty_audience": ("duty_hours", "time_zone"),
        "languages_audience": ("languages",),
        "pgp_audience": ("pgp_key", "pgp_fingerprint", "pgp_expires_on"),
    }
    #: What a nomination decides, and the Secretariat may correct.
    FORMAL = ("category", "full_name", "institution", "note_reference", "note_date", "designated_on")
    #: What a delegate may change without a nomination.
    DETAILS = (
        *("position", "email", "phone", "mobile", "mailbox"),
        *("deputy_name", "deputy_email", "deputy_phone"),
        *("duty_hours", "time_zone", "languages", "competences", "pgp_key"),
        *AUDIENCES,
    )

    #: What `as_seen_by` decides about, and the part of it that stands in lists.
    SHOWN = (*DETAILS, "pgp_fingerprint", "pgp_expires_on", "institution")
    IN_LISTS = (
        *("position", "institution", "phone", "mobile", "mailbox", "email"),
        *("duty_hours", "time_zone", "languages"),
    )

    class Meta(Record.Meta):
        verbose_name = _("point of contact")
        verbose_name_plural = _("points of contact")
        ordering = ["state__iso3", "category", "full_name", "pk"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["state", "category"], condition=Q(ended_on__isnull=True), name="contacts_in_office"
            ),
        ]
        constraints = [
            fields.one_of("category", Category),
            *(
                fields.one_of(name, ContactAudience)
                for name in ("email_audience", "phone_audience", "mobile_audience", "mailbox_audience")
            ),
            *(
                fields.one_of(name, ContactAudience)
                for name in ("deputy_audience", "duty_audience", "languages_audience", "pgp_audience")
            ),
            *(fields.not_blank(name) for name in ("full_name", "position", "email")),
            *(fields.matches(name, fields.TELEPHONE) for name in ("phone", "mobile", "deputy_phone")),
            fields.matches("pgp_fingerprint", "^[0-9A-F]{40,64}$"),
            fields.subset_of("languages", fields.Language),
            fields.subset_of("competences", Competence),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("designated_on")),
                name="contacts_pointofcontact_ends_after_designation",
                violation_error_message=_("A contact cannot end before it was designated."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="")
                | Q(ended_on__isnull=False) & ~Q(end_reason=""),
                name="contacts_pointofcontact_end_has_a_reason",
                violation_error_message=_("Say why the contact ended."),
            ),
            models.CheckConstraint(
                condition=Q(do_not_use=False, do_not_use_reason="")
                | Q(do_not_use=True) & ~Q(do_not_use_reason=""),
                name="contacts_pointofcontact_do_not_use_has_a_reason",
                violation_error_message=_("Say why the contact must not be used."),
            ),
            models.CheckConstraint(
                condition=Q(pgp_key="", pgp_fingerprint="") | ~Q(pgp_key="") & ~Q(pgp_fingerprint=""),
                name="contacts_pointofcontact_pgp_key_has_a_fingerprint",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, check_result="")
                | Q(checked_at__isnull=False, check_result__in=CheckResult.values),
                name="contacts_pointofcontact_check_has_a_result",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(confirmed_at__isnull=False),
                name="contacts_pointofcontact_confirmed_by_someone_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True) | Q(ended_on__isnull=False),
                name="contacts_pointofcontact_is_purged_after_it_ended",
            ),
        ]

    def __str__(self) -> str:
        return str(_("past point of contact")) if self.purged_at else self.full_name

    def clean(self) -> None:
        if self.institution_id and self.state_id and self.institution.state_id != self.state_id:
            raise ValidationError({"institution": _("This institution belongs to another state.")})

    def get_absolute_url(self) -> str:
        return address("contact", self.uuid, "00000000-0000-4000-8000-000000000000")

    @property
    def is_active(self) -> bool:
        return self.ended_on is None

    @property
    def due_at(self) -> datetime | None:
        """When the next confirmation is due; None if the entry was never confirmed."""
        return self.confirmed_at and self.confirmed_at + timedelta(days=settings.CONFIRMATION_DUE_DAYS)

    def is_overdue(self, at: datetime) -> bool:
        return self.is_active and (self.due_at is None or self.due_at <= at)

    def as_seen_by(self, viewer: Viewer, among: Iterable[str] = SHOWN) -> dict[str, Any]:
        """The details that `viewer` may see, by name; what they may not see is absent, not blank.

        Page, API, export and search all read details from here; `among` narrows it to those that they read.
        Who sees a field is itself seen only by those who may decide it.
        """
        if viewer.represents(self.state_id):
            return {name: getattr(self, name) for name in among}
        audiences = tuple([getattr(self, name) for name in self.AUDIENCES])
        hidden = _hidden(audiences, self.institution.audience, viewer.audiences)
        return {name: getattr(self, name) for name in among if name not in hidden}

    @classmethod
    def shown_to(cls, viewer: Viewer) -> dict[str, Q | bool]:
        """The twin of `as_seen_by`: for each detail that may be hidden, the rows in which it is not."""
        if viewer.secretariat:
            return {}
        own = represented_by(viewer)
        details = {
            name: seen_by(viewer, audience) for audience, names in cls.AUDIENCES.items() for name in names
        }
        return {
            **details,
            **dict.fromkeys(cls.AUDIENCES, own),
            "institution": seen_by(viewer, "institution__audience"),
        }


@lru_cache(maxsize=1024)
def _hidden(audiences: tuple[str, ...], institution: str, allowed: tuple[str, ...]) -> frozenset[str]:
    """The details that none but the contact's own side see, by the audiences chosen for them."""
    chosen = dict(zip(PointOfContact.AUDIENCES, audiences, strict=True))
    kept_back = [names for name, names in PointOfContact.AUDIENCES.items() if chosen[name] not in allowed]
    office = () if institution in allowed else ("institution",)
    return frozenset((*PointOfContact.AUDIENCES, *office, *chain(*kept_back)))
