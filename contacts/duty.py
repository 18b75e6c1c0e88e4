"""Duty hours: one span a weekday, in the contact's own time zone.

Stored as {"1": "08:30-17:00", …, "7": "00:00-24:00"} with ISO weekdays; a span that ends before it begins
goes on past midnight. The SQL function of the same rule is portal_is_on_duty (contacts/migrations).
"""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WEEKDAYS = ("1", "2", "3", "4", "5", "6", "7")
SPAN = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)", re.ASCII)
ROUND_THE_CLOCK = dict.fromkeys(WEEKDAYS, "00:00-24:00")


def validate_duty_hours(value: Any) -> None:
    message = _("Give duty hours as weekdays 1 to 7, each with one span such as 08:30-17:00.")
    if not isinstance(value, dict) or not set(value) <= set(WEEKDAYS):
        raise ValidationError(message, code="duty_hours")
    for span in value.values():
        if not isinstance(span, str) or not SPAN.fullmatch(span) or span[:5] == span[6:]:
            raise ValidationError(message, code="duty_hours")


def is_on_duty(hours: Mapping[str, str], time_zone: str, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(time_zone))
    clock = local.strftime("%H:%M")
    today = hours.get(str(local.isoweekday()))
    if today:
        begins, ends = today[:5], today[6:]
        if begins <= clock and (clock < ends or ends < begins):
            return True
    before = hours.get(str((local - timedelta(days=1)).isoweekday()))
    return bool(before and before[6:] < before[:5] and clock < before[6:])


def next_opening(hours: Mapping[str, str], time_zone: str, at: datetime) -> datetime | None:
    """When duty hours begin next after `at`, in their own time zone; None if there are none."""
    zone = ZoneInfo(time_zone)
    today = at.astimezone(zone).date()
    for day in (today + timedelta(days=ahead) for ahead in range(8)):
        if span := hours.get(str(day.isoweekday())):
            begins = datetime.combine(day, time.fromisoformat(span[:5]), zone)
            if begins > at:
                return begins
    return None
