"""Who has read which state's entries, by day: a state is told for whom, the Secretariat also who."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.access import Viewer, read_for
from contacts.models import DirectoryRead, ReadVia


@dataclass
class Noted:
    """What this process has noted of one day, so that reading on writes nothing."""

    day: date = date.min
    readings: set[tuple[int, int, str]] = field(default_factory=set)

    def on(self, day: date) -> set[tuple[int, int, str]]:
        if day != self.day:
            self.day, self.readings = day, set()
        return self.readings


NOTED = Noted()


def note_reading(*, viewer: Viewer, states: Iterable[int], via: ReadVia, at: datetime | None = None) -> None:
    """Note, before they leave, that entries of these states are read. One's own state is not told of it."""
    if viewer.user_id is None:
        return
    now = at or timezone.now()
    day = now.astimezone(UTC).date()
    noted = NOTED.on(day)
    new = {(viewer.user_id, state, via.value) for state in set(states) - viewer.delegate_of} - noted
    if not new:
        return
    own, organisation = read_for(viewer, now)
    DirectoryRead.objects.bulk_create(
        [
            DirectoryRead(
                day=day,
                state_id=state,
                user_id=user,
                via=way,
                reader_states=[one.iso3 for one in own],
                organisation=organisation,
                first_at=now,
            )
            for user, state, way in sorted(new)
            if state not in {one.pk for one in own}
        ],
        ignore_conflicts=True,
    )
    # What is rolled back was not noted.
    transaction.on_commit(lambda: noted.update(new))


def reader_in_words(states: Iterable[str], organisation: str) -> str:
    """For whom somebody read; who reads for no state and no organisation is of the Secretariat."""
    return ", ".join(filter(None, [*states, organisation])) or _("Technical Secretariat (CICTE)")


def forget_old_reads(*, now: datetime) -> int:
    """What was read long ago is forgotten."""
    oldest = now.astimezone(UTC).date() - timedelta(days=settings.READ_LOG_DAYS)
    deleted: int = DirectoryRead.objects.filter(day__lt=oldest).delete()[0]
    return deleted
