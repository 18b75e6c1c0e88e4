from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cbmportal.accounts.models import User
from cbmportal.notices.kinds import Kind, Message, register
from cbmportal.notices.models import Notice
from cbmportal.notices.services import notify
from tests.cbmportal.notices.mail_server import MailServer, running

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass
class Clock:
    """Time that passes when told to."""

    now: datetime = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server that the portal uses."""
    with running() as server:
        use(settings, server.port)
        yield server


def use(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 5


def say_its_name(notice: Notice, now: datetime) -> Message | None:
    return (
        None
        if notice.details.get("silent")
        else Message(f"News {notice.pk}", ("Something happened.",), "Why.")
    )


NEWS = Kind("test_news", "News", say_its_name)
ALARM = Kind("test_alarm", "Alarm", say_its_name, urgent=True)
register(NEWS, ALARM)


@pytest.fixture
def alarm(clock: Clock) -> Callable[..., list[Notice]]:
    """Urgent notices to people, written now by the test's clock."""

    def write(*people: User, kind: Kind = ALARM, **details: Any) -> list[Notice]:
        before = set(Notice.objects.values_list("pk", flat=True))
        notify(kind=kind, to=people, details=details, at=clock.now)
        return list(Notice.objects.exclude(pk__in=before).order_by("pk"))

    return write


@pytest.fixture
def news(alarm: Callable[..., list[Notice]]) -> Callable[..., list[Notice]]:
    """Notices that can wait."""

    def write(*people: User, **details: Any) -> list[Notice]:
        return alarm(*people, kind=NEWS, **details)

    return write
