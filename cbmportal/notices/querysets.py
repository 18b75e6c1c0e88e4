from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

#: A notice that should have gone this long ago is one that somebody must look at.
LATE = timedelta(hours=1)


class NoticeQuerySet(models.QuerySet[Any]):
    def waiting(self) -> "NoticeQuerySet":
        """Still to be sent, now or later."""
        return self.filter(sent_at=None, withdrawn_at=None, given_up_at=None)

    def late(self, at: datetime) -> "NoticeQuerySet":
        """Waiting though it should have been sent: the mail server refuses, or nothing sends."""
        since = at - LATE
        return self.waiting().filter(Q(failing_since__lte=since) | Q(next_attempt_at__lte=since))

    def undelivered(self, at: datetime | None = None) -> "NoticeQuerySet":
        """What the Secretariat should look at: given up, or late."""
        return self.filter(given_up_at__isnull=False) | self.late(at or timezone.now())

    def free(self, at: datetime) -> "NoticeQuerySet":
        """Due, and in nobody's hands."""
        in_no_hands = Q(leased_until=None) | Q(leased_until__lte=at)
        return self.waiting().filter(in_no_hands, next_attempt_at__lte=at)

    def leading(self) -> "NoticeQuerySet":
        """One for each e-mail: of those that go together, the one that gives it its name."""
        return self.filter(mail=F("uuid"))

    def to_gather(self, at: datetime) -> "NoticeQuerySet":
        """Due today, but not yet in the day's e-mail to its reader."""
        return self.waiting().filter(mail=None, next_attempt_at__lte=at)
