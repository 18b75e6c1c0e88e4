"""A point of contact as one viewer sees it at one moment: what a page of the directory shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from cbmportal.dates import day, reader_locale, zone_city
from cbmportal.forms import telephone_in_words
from contacts.access import Viewer
from contacts.duty import ROUND_THE_CLOCK, is_on_duty, next_opening
from contacts.hours import Day, day_name, hours_in_short, week
from contacts.models import Competence, PointOfContact

DUE_SOON = timedelta(days=30)


class Freshness(models.TextChoices):
    """How far an entry can be trusted by the age of its confirmation."""

    FRESH = "fresh", gettext_lazy("Confirmed")
    DUE = "due", gettext_lazy("Confirmation due soon")
    OVERDUE = "overdue", gettext_lazy("Confirmation overdue")
    NEVER = "never", gettext_lazy("Never confirmed")
    ENDED = "ended", gettext_lazy("Ended")


TONES = {Freshness.FRESH: "good", Freshness.DUE: "attention", Freshness.ENDED: "plain"}


def freshness_of(contact: PointOfContact, at: datetime) -> Freshness:
    if not contact.is_active:
        return Freshness.ENDED
    due_at = contact.due_at
    if due_at is None:
        return Freshness.NEVER
    if contact.is_overdue(at):
        return Freshness.OVERDUE
    return Freshness.DUE if due_at - at <= DUE_SOON else Freshness.FRESH


@cache
def freshness_in_words(freshness: Freshness, _language: str | None) -> str:
    return str(freshness.label)


class Opening(NamedTuple):
    """When an office opens, by its own clock."""

    day: str
    time: str


class Office(NamedTuple):
    """What is said of an office at one moment."""

    clock: str
    is_open: bool
    opens: Opening | None
    hours_in_short: str


def office(hours: Mapping[str, str], zone: str, at: datetime) -> Office:
    """To the minute, as clocks on pages go: what offices have in common is worked out once."""
    return _office(tuple(hours.items()), zone, at.replace(second=0, microsecond=0), get_language())


@lru_cache(maxsize=4096)
def _office(spans: tuple[tuple[str, str], ...], zone: str, minute: datetime, _language: str | None) -> Office:
    hours, local = dict(spans), minute.astimezone(ZoneInfo(zone))
    is_open = is_on_duty(hours, zone, minute)
    begins = None if is_open else next_opening(hours, zone, minute)
    opens = Opening(_day_in_words(begins.date(), local.date()), f"{begins:%H:%M}") if begins else None
    return Office(f"{local:%H:%M}", is_open, opens, hours_in_short(hours))


def _day_in_words(day: date, today: date) -> str:
    near = [pgettext("duty hours", "today"), pgettext("duty hours", "tomorrow")]
    ahead = (day - today).days
    return near[ahead] if ahead < len(near) else day_name(str(day.isoweekday()))


@dataclass(frozen=True)
class Entry:
    contact: PointOfContact
    viewer: Viewer
    at: datetime

    @cached_property
    def details(self) -> Mapping[str, Any]:
        return self.contact.as_seen_by(self.viewer)

    @cached_property
    def freshness(self) -> Freshness:
        return freshness_of(self.contact, self.at)

    @property
    def is_fresh(self) -> bool:
        return self.freshness == Freshness.FRESH

    @property
    def tone(self) -> str:
        return TONES.get(self.freshness, "wrong")

    @cached_property
    def tells_hours(self) -> bool:
        return bool(self.details.get("duty_hours"))

    @cached_property
    def office(self) -> Office | None:
        """None where the state tells neither hours nor time zone."""
        zone = self.details.get("time_zone")
        return office(self.details["duty_hours"], zone, self.at) if zone else None

    @property
    def is_open(self) -> bool:
        return self.office is not None and self.office.is_open

    @property
    def is_round_the_clock(self) -> bool:
        return self.details.get("duty_hours") == ROUND_THE_CLOCK

    @property
    def opens(self) -> Opening | None:
        return self.office and self.office.opens

    @property
    def week(self) -> list[Day]:
        """Duty hours day by day, in the time of the contact and in the reader's."""
        hours = self.details.get("duty_hours")
        here = timezone.get_current_timezone()
        return week(hours, self.zone, here, self.at) if hours and self.zone else []

    @cached_property
    def zone(self) -> ZoneInfo | None:
        name = self.details.get("time_zone")
        return ZoneInfo(name) if name else None

    @property
    def local_clock(self) -> str:
        return self.office.clock if self.office else ""

    @property
    def place(self) -> str:
        """The city that names the time zone, in the reader's language."""
        zone = self.details.get("time_zone")
        return zone_city(zone) if zone else ""

    @property
    def reader_clock(self) -> str:
        """The time where the reader is, if it is another one there."""
        here = timezone.localtime(self.at)
        same = self.zone is None or here.utcoffset() == self.at.astimezone(self.zone).utcoffset()
        return "" if same else f"{here:%H:%M}"

    @property
    def reader_place(self) -> str:
        return zone_city(str(timezone.get_current_timezone()))

    @property
    def institution_mailbox(self) -> str:
        return self.contact.institution.as_seen_by(self.viewer).get("mailbox", "")

    @property
    def fingerprint(self) -> list[str]:
        """In fours, as people read it out to one another."""
        plain = self.details.get("pgp_fingerprint", "")
        return [plain[place : place + 4] for place in range(0, len(plain), 4)]

    @property
    def has_expired_key(self) -> bool:
        expires = self.details.get("pgp_expires_on")
        return expires is not None and expires < self.at.date()

    @cached_property
    def languages(self) -> list[str]:
        return [reader_locale().languages[code] for code in self.details.get("languages", [])]

    @property
    def deputy(self) -> str:
        """Who stands in, on one line."""
        name, telephone, address = (
            self.details.get(f"deputy_{part}", "") for part in ("name", "phone", "email")
        )
        return ", ".join(filter(None, (name, telephone_in_words(telephone), address)))

    @property
    def confirmation(self) -> str:
        """The day of the last confirmation, UTC: on paper and in files it grows no older by itself."""
        confirmed = self.contact.confirmed_at
        if confirmed is None:
            return _("Never confirmed")
        return _("Last confirmed on %(day)s") % {"day": day(confirmed.astimezone(UTC).date())}

    @property
    def end(self) -> str:
        """When and why the designation ended, if it has."""
        contact = self.contact
        if contact.ended_on is None:
            return ""
        said = {"date": day(contact.ended_on), "reason": contact.end_reason}
        return _("This designation ended on %(date)s: %(reason)s") % said

    @property
    def office_row(self) -> dict[str, str]:
        """What contacts/_open.html says of the office now."""
        office = self.office
        if office is None:
            return {}
        row = {"clock": office.clock, "place": self.place}
        if not self.tells_hours:
            return row
        said = "round_the_clock" if self.is_round_the_clock else "open" if office.is_open else "closed"
        day, time = office.opens or ("", "")
        return {**row, said: said, "opens_on": day, "opens_at": time, "hours": office.hours_in_short}

    @property
    def competences(self) -> list[str]:
        return [str(Competence(code).label) for code in self.details["competences"]]


def entries(contacts: Iterable[PointOfContact], viewer: Viewer, at: datetime | None = None) -> list[Entry]:
    at = at or timezone.now()
    return [Entry(contact, viewer, at) for contact in contacts]
