"""Writing notices, in the same transaction as the change that they tell of, and looking after them."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from cbmportal.accounts.models import NoticePace, User
from cbmportal.notices.kinds import Kind, is_repeatable
from cbmportal.notices.models import Notice

#: When the day's e-mail goes, in its reader's own time zone.
MORNING = time(7)
#: How long the portal remembers that it has told somebody something.
KEPT = timedelta(days=90)


def notify(
    *,
    kind: Kind,
    to: Iterable[User],
    about: UUID | None = None,
    change: UUID | None = None,
    details: dict[str, Any] | None = None,
    expires_at: datetime | None = None,
    gathered: bool = False,
    at: datetime | None = None,
) -> None:
    """Have these people told; of the same change nobody is told twice.

    What is `gathered`, and not urgent, waits for the day's e-mail even of those who want each notice at once.
    """
    now = at or timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(
                kind=kind.code,
                to=person,
                about=about,
                change=change,
                details=details or {},
                expires_at=expires_at,
                created_at=now,
                **_pace(kind, person, now, gathered),
            )
            for person in to
            if person.is_active
        ],
        ignore_conflicts=True,
    )


def notify_address(
    *,
    kind: Kind,
    address: str,
    language: str,
    about: UUID | None = None,
    details: dict[str, Any] | None = None,
    expires_at: datetime | None = None,
    at: datetime | None = None,
) -> None:
    """Have somebody told who has no account, or is reached elsewhere than by it: at once, and alone."""
    name, now = uuid4(), at or timezone.now()
    Notice.objects.create(
        kind=kind.code,
        uuid=name,
        mail=name,
        urgent=True,
        about=about,
        details={**(details or {}), "address": address, "language": language},
        expires_at=expires_at,
        created_at=now,
        next_attempt_at=now,
    )


def _pace(kind: Kind, person: User, now: datetime, gathered: bool) -> dict[str, Any]:
    name = uuid4()
    if kind.urgent or (person.notice_pace == NoticePace.AT_ONCE and not gathered):
        return {"uuid": name, "mail": name, "urgent": kind.urgent, "next_attempt_at": now}
    return {"uuid": name, "daily": True, "next_attempt_at": next_morning(person, now)}


def next_morning(person: User, after: datetime) -> datetime:
    zone = ZoneInfo(person.time_zone)
    today = after.astimezone(zone).date()
    mornings = (datetime.combine(today + timedelta(days=days), MORNING, zone) for days in (0, 1))
    return next(morning for morning in mornings if morning > after)


def send_again(*, notice: Notice, at: datetime | None = None) -> None:
    """Begin anew with an e-mail that was given up, and all that goes in it."""
    if notice.given_up_at is None or not is_repeatable(notice.kind):
        raise ValidationError(_("This notice cannot be sent again."), code="not_given_up")
    now = at or timezone.now()
    Notice.objects.filter(mail=notice.mail, given_up_at__isnull=False).update(
        given_up_at=None, failing_since=None, attempts=0, last_error="", next_attempt_at=now
    )


def put_aside(*, notice: Notice, at: datetime | None = None) -> None:
    """Look no longer after an e-mail that was given up, and all that goes in it."""
    given_up = Notice.objects.filter(mail=notice.mail, given_up_at__isnull=False)
    given_up.update(given_up_at=None, withdrawn_at=at or timezone.now())


def forget_old(*, now: datetime) -> int:
    """Who was told what long ago is nobody's business any more; what was never delivered stays in sight."""
    ended = Notice.objects.filter(sent_at__lt=now - KEPT) | Notice.objects.filter(withdrawn_at__lt=now - KEPT)
    return ended.delete()[0]
