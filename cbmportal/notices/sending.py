"""Sending what is due. Safe to run twice at once: an e-mail is in the hands of one process at a time.

A process takes one e-mail, for as long as its lease, sends it, and notes at once what became of it. Should it die
in between, the lease runs out and the same e-mail, under the same Message-ID, is sent again: it and no other.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from cbmportal.accounts.models import User
from cbmportal.notices.letters import Letter, write
from cbmportal.notices.models import Notice
from cbmportal.notices.post import Interrupted, NotSent, Post, RefusedForGood, ServerAway
from cbmportal.notices.querysets import NoticeQuerySet
from cbmportal.notices.services import next_morning
from cbmportal.postgres.signals import undisturbed

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

#: Longer than any mail server may take over one e-mail (see EMAIL_TIMEOUT).
LEASE = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)
GATHERING = 7_205_116  # names the database lock of `gather`


@dataclass
class Report:
    sent: int = 0
    failed: int = 0
    #: What keeps every e-mail from going, if something does.
    server_away: str = ""


def send_due(clock: Clock = timezone.now) -> Report:
    report = Report()
    gather(clock())
    with Post() as post:
        while (first := claim(clock())) is not None:
            with undisturbed():  # a request to stop waits until what is on its way is noted
                may_go_on = deliver(first, post, clock, report)
            if not may_go_on:
                break
    return report


def gather(now: datetime) -> None:
    """Put what waits for the day's e-mail together, one e-mail for each reader, at most one a day."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [GATHERING])
        if cursor.fetchone() != (True,):
            return
        due = Notice.objects.to_gather(now).select_related("to").order_by("to", "created_at", "pk")
        for person, notices in groupby(due, key=lambda notice: notice.to):
            found = list(notices)
            rows = Notice.objects.filter(pk__in=[notice.pk for notice in found])
            if has_todays_mail(person, now):
                rows.update(next_attempt_at=next_morning(person, now))
            else:
                rows.update(mail=found[0].uuid)


def has_todays_mail(person: User, now: datetime) -> bool:
    """Whether the day's e-mail has gone, or an earlier one is still to go."""
    here = now.astimezone(ZoneInfo(person.time_zone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    gathered = Notice.objects.filter(to=person, daily=True, mail__isnull=False)
    return (gathered.waiting() | gathered.filter(sent_at__gte=midnight)).exists()


def claim(now: datetime) -> Notice | None:
    """Take the most pressing e-mail that nobody else has in hand."""
    with transaction.atomic():
        free = Notice.objects.free(now).leading().select_for_update(skip_locked=True, of=("self",))
        first: Notice | None = free.order_by("-urgent", "next_attempt_at", "pk").first()
        if first is not None:
            first.leased_until, first.attempts = now + LEASE, first.attempts + 1
            Notice.objects.filter(mail=first.mail).waiting().update(
                leased_until=first.leased_until, attempts=first.attempts
            )
    return first


def deliver(first: Notice, post: Post, clock: Clock, report: Report) -> bool:
    """Send one e-mail and note what became of it; False if no other need be tried now."""
    try:
        letter = write(in_hand(first), clock())
    except Exception as error:
        # One notice that cannot be written must not hold up all others.
        logger.exception("A notice of kind %s cannot be written", first.kind)
        note_failure(first, NotSent(error), clock())
        report.failed += 1
        return True
    try:
        if letter.message is not None:
            post.send(letter.message)
            report.sent += 1
    except ServerAway as away:
        hand_back(first, away)
        report.server_away = away.code
        return False
    except NotSent as trouble:
        note_failure(first, trouble, clock())
        report.failed += 1
        return not isinstance(trouble, Interrupted)
    note_sent(first, letter, clock())
    return True


def in_hand(first: Notice) -> NoticeQuerySet:
    """The rows of an e-mail, while the lease under which it was taken is ours."""
    rows: NoticeQuerySet = Notice.objects.filter(mail=first.mail, leased_until=first.leased_until)
    return rows.waiting()


def note_sent(first: Notice, letter: Letter, now: datetime) -> None:
    closed: dict[str, Any] = {"leased_until": None, "details": {}, "last_error": ""}
    rows = in_hand(first)
    with transaction.atomic():
        rows.filter(pk__in=letter.silent).update(withdrawn_at=now, **closed)
        rows.update(sent_at=now, **closed)


def hand_back(first: Notice, away: ServerAway) -> None:
    """As if it had not been tried: it goes as soon as the server is back."""
    in_hand(first).update(leased_until=None, attempts=F("attempts") - 1, last_error=away.code)


def note_failure(first: Notice, trouble: NotSent, now: datetime) -> None:
    since = first.failing_since or now
    rows = in_hand(first)
    noted = {
        "leased_until": None,
        "failing_since": Coalesce(F("failing_since"), now),
        "last_error": trouble.code,
    }
    if isinstance(trouble, RefusedForGood) or now - since >= GIVE_UP_AFTER:
        rows.update(given_up_at=now, details={}, **noted)
    else:
        rows.update(next_attempt_at=now + pause(first.attempts), **noted)


def pause(attempts: int) -> timedelta:
    """1, 2, 4 … minutes, at most an hour."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_WAIT)
