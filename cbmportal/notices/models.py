import uuid
from email.utils import parseaddr

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cbmportal.notices.querysets import NoticeQuerySet

WAITING = Q(sent_at=None, withdrawn_at=None, given_up_at=None)


class Notice(models.Model):
    """That somebody is to be told of something. What it says is written when it is sent, from the records themselves.

    So a row holds no text and no personal data, except for a while what stands in `details`: the secrets of account
    e-mails, and the address and language of somebody who has no account.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    #: None if it goes to a bare address.
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("to"),
    )
    #: The record it is about, and the change of it (the context of its events in the history).
    about = models.UUIDField(null=True, blank=True)
    change = models.UUIDField(null=True, blank=True)
    #: What cannot be read from the records, such as a link to set a new password. Gone once it is sent.
    details = models.JSONField(default=dict, blank=True)
    expires_at = models.DateTimeField(_("of use until"), null=True, blank=True)

    urgent = models.BooleanField(_("urgent"), default=False)
    #: Whether it goes into the day's one e-mail to its reader.
    daily = models.BooleanField(_("in the day's e-mail"), default=False)
    #: The e-mail it goes with: its own, or that of the first notice of the day.
    mail = models.UUIDField(null=True, blank=True)

    created_at = models.DateTimeField(_("written on"))
    next_attempt_at = models.DateTimeField(_("to be sent on"))
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    #: The code of the mail server's last refusal, or the name of the error; never its words.
    last_error = models.CharField(_("last error"), max_length=60, blank=True)

    sent_at = models.DateTimeField(_("sent on"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up on"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=WAITING, name="notices_due"),
            models.Index(fields=["mail"], name="notices_mail"),
            models.Index(fields=["sent_at"], name="notices_sent"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["to", "kind", "about", "change"], name="notices_notice_tells_nobody_twice"
            ),
            models.CheckConstraint(
                condition=WAITING
                | Q(sent_at__isnull=False, withdrawn_at=None, given_up_at=None)
                | Q(sent_at=None, withdrawn_at__isnull=False, given_up_at=None)
                | Q(sent_at=None, withdrawn_at=None, given_up_at__isnull=False),
                name="notices_notice_has_one_end",
            ),
            models.CheckConstraint(
                condition=WAITING | Q(details={}, leased_until=None),
                name="notices_notice_keeps_nothing_at_its_end",
            ),
            models.CheckConstraint(
                condition=Q(to__isnull=False) | Q(urgent=True) & (~WAITING | Q(details__has_key="address")),
                name="notices_notice_knows_where_it_goes",
            ),
            models.CheckConstraint(
                condition=Q(urgent=False) | Q(daily=False), name="notices_notice_urgent_waits_for_no_day"
            ),
            models.CheckConstraint(
                condition=Q(daily=True) | Q(mail__isnull=False, mail=models.F("uuid")),
                name="notices_notice_goes_alone_unless_daily",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(mail__isnull=False), name="notices_notice_is_sent_in_a_mail"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.recipient}"

    @property
    def recipient(self) -> str:
        return str(self.to or self.address or _("somebody without an account"))

    @property
    def address(self) -> str:
        """Where it goes; a bare address is known only until it is sent."""
        return self.details.get("address") or (self.to.email if self.to else "")

    @property
    def language(self) -> str:
        return self.to.language if self.to else self.details["language"]

    @property
    def time_zone(self) -> str:
        return self.to.time_zone if self.to else "UTC"

    @property
    def is_wanted(self) -> bool:
        """A closed account is not written to."""
        return self.to is None or self.to.is_active

    @property
    def message_id(self) -> str:
        """The same at every attempt, so that a mailbox knows an e-mail that comes twice."""
        host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
        return f"<{self.mail}@{host}>"
