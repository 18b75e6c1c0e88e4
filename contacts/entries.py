"""A point of contact as one viewer sees it at one moment: what a page of the directory shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cbmportal.dates import reader_locale, zone_city
from contacts.access import Viewer
from contacts.duty import ROUND_THE_CLOCK
from contacts.models import Competence, PointOfContact

DUE_SOON = timedelta(days=30)


class Freshness(models.TextChoices):
    """How far an entry can be trusted by the age of its confirmation."""

    FRESH = "fresh", _("Confirmed")
    DUE = "due", _("Confirmation due soon")
    OVERDUE = "overdue", _("Confirmation overdue")
    NEVER = "never", _("Never confirmed")
    ENDED = "ended", _("Ended")


def freshness_of(contact: PointOfContact, at: datetime) -> Freshness:
    if not contact.is_active:
        return Freshness.ENDED
    if contact.due_at is None:
        return Freshness.NEVER
    if contact.is_overdue(at):
        return Freshness.OVERDUE
    return Freshness.DUE if contact.due_at - at <= DUE_SOON else Freshness.FRESH


@dataclass(frozen=True)
class Entry:
    contact: PointOfContact
    viewer: Viewer
    at: datetime

    @cached_property
    def details(self) -> Mapping[str, Any]:
        return self.contact.as_seen_by(self.viewer)

    @property
    def freshness(self) -> Freshness:
        return freshness_of(self.contact, self.at)

    @property
    def is_fresh(self) -> bool:
        return self.freshness == Freshness.FRESH

    @property
    def tone(self) -> str:
        return {Freshness.FRESH: "good", Freshness.DUE: "attention", Freshness.ENDED: "plain"}.get(
            self.freshness, "wrong"
        )

    @property
    def tells_hours(self) -> bool:
        return bool(self.details.get("duty_hours"))

    @property
    def is_open(self) -> bool:
        return self.tells_hours and self.contact.is_on_duty(self.at)

    @property
    def is_round_the_clock(self) -> bool:
        return self.details.get("duty_hours") == ROUND_THE_CLOCK

    @property
    def local_clock(self) -> str:
        zone = self.details.get("time_zone")
        return self.at.astimezone(ZoneInfo(zone)).strftime("%H:%M") if zone else ""

    @property
    def place(self) -> str:
        """The city that names the time zone, in the reader's language."""
        zone = self.details.get("time_zone")
        return zone_city(zone) if zone else ""

    @property
    def languages(self) -> list[str]:
        return [reader_locale().languages[code] for code in self.details.get("languages", [])]

    @property
    def competences(self) -> list[str]:
        return [str(Competence(code).label) for code in self.details["competences"]]


def entries(contacts: Iterable[PointOfContact], viewer: Viewer, at: datetime | None = None) -> list[Entry]:
    at = at or timezone.now()
    return [Entry(contact, viewer, at) for contact in contacts]
