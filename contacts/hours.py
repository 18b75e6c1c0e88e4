"""Duty hours as people read and write them: a from and an until for each weekday."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import groupby
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.duty import ROUND_THE_CLOCK, WEEKDAYS

CLOCK = re.compile(r"(\d{1,2})(?:[:.hH]?(\d{2}))?", re.ASCII)


def day_name(weekday: str) -> str:
    return str(DAY_NAMES[int(weekday) - 1])


def hours_in_words(hours: Mapping[str, str]) -> str:
    if hours == ROUND_THE_CLOCK:
        return _("round the clock")
    return ", ".join(
        _("%(day)s %(begins)s to %(ends)s")
        % {"day": day_name(day), "begins": hours[day][:5], "ends": hours[day][6:]}
        for day in WEEKDAYS
        if day in hours
    )


def hours_in_short(hours: Mapping[str, str]) -> str:
    """The same on one line of paper: days in a row with the same hours stand together."""
    if hours == ROUND_THE_CLOCK:
        return _("round the clock")
    runs = [(span, list(days)) for span, days in groupby(WEEKDAYS, key=lambda day: hours.get(day, ""))]
    return ", ".join(
        f"{'–'.join(day_name(day) for day in dict.fromkeys((days[0], days[-1])))} {span.replace('-', '–')}"
        for span, days in runs
        if span
    )


def hours_by_day(hours: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every weekday with its span, or with nothing."""
    return [(day_name(day), hours.get(day, "").replace("-", "–")) for day in WEEKDAYS]


class Day(NamedTuple):
    """A weekday's duty hours where the contact sits, and in the reader's time; empty where closed."""

    name: str
    there: str
    here: str


def week(hours: Mapping[str, str], there: tzinfo, here: tzinfo, at: datetime) -> list[Day]:
    """The duty hours of the week of `at`: clocks go forward and back on different days in different places."""
    today = at.astimezone(there).date()
    monday = today - timedelta(days=today.weekday())
    days = zip(WEEKDAYS, hours_by_day(hours), strict=True)
    return [
        Day(
            name, span, _elsewhere(hours[number], monday + timedelta(days=place), there, here) if span else ""
        )
        for place, (number, (name, span)) in enumerate(days)
    ]


def _elsewhere(span: str, day: date, there: tzinfo, here: tzinfo) -> str:
    begins = datetime.combine(day, time.fromisoformat(span[:5]), there)
    goes_on = span[6:] <= span[:5] or span[6:] == "24:00"
    clock = time.fromisoformat(span[6:].replace("24:00", "00:00"))
    ends = datetime.combine(day + timedelta(days=goes_on), clock, there)
    begins, ends = begins.astimezone(here), ends.astimezone(here)
    words = f"{begins:%H:%M}–{ends:%H:%M}"
    return words if begins.date() == day else f"{day_name(str(begins.isoweekday()))} {words}"


class DutyHoursWidget(forms.Widget):
    template_name = "contacts/duty_hours_widget.html"
    use_fieldset = True

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        typed = {part: str(data.get(f"{name}_{part}", "")).strip() for part in _parts()}
        return {part: value for part, value in typed.items() if value}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in _parts())

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = value if isinstance(value, dict) else {}
        if set(typed) <= set(WEEKDAYS):
            typed = _as_typed(typed)
        context["round_the_clock"] = bool(typed.get("all"))
        context["days"] = [
            {
                "number": day,
                "name": day_name(day),
                "begins": typed.get(f"{day}_from", ""),
                "ends": typed.get(f"{day}_until", ""),
            }
            for day in WEEKDAYS
        ]
        return context


def _parts() -> list[str]:
    return ["all", *(f"{day}_{end}" for day in WEEKDAYS for end in ("from", "until"))]


def _as_typed(hours: Mapping[str, str]) -> dict[str, str]:
    if hours == ROUND_THE_CLOCK:
        return {"all": "on"}
    return {
        f"{day}_{end}": part
        for day, span in hours.items()
        for end, part in zip(("from", "until"), span.split("-"), strict=True)
    }


class DutyHoursField(forms.Field):
    widget = DutyHoursWidget
    default_error_messages = {
        "half": gettext_lazy("%(day)s: give both the beginning and the end, or neither."),
        "clock": gettext_lazy("%(day)s: “%(typed)s” is not a time of day. Write it as 08:30 or 17:00."),
        "same": gettext_lazy(
            "%(day)s: the end is the same as the beginning. For the whole day write 00:00 and 24:00."
        ),
    }

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _as_typed(initial or {}) != (data or {})

    def clean(self, value: dict[str, str]) -> dict[str, str]:
        if value.get("all"):
            return dict(ROUND_THE_CLOCK)
        hours: dict[str, str] = {}
        errors = []
        for day in WEEKDAYS:
            try:
                if span := self._span(day, value.get(f"{day}_from", ""), value.get(f"{day}_until", "")):
                    hours[day] = span
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return hours

    def _span(self, day: str, begins: str, ends: str) -> str:
        if not begins and not ends:
            return ""
        if not begins or not ends:
            raise self._error("half", day)
        span = f"{self._clock(day, begins)}-{self._clock(day, ends, latest=24 * 60)}"
        if span[:5] == span[6:]:
            raise self._error("same", day)
        return span

    def _clock(self, day: str, typed: str, latest: int = 24 * 60 - 1) -> str:
        found = CLOCK.fullmatch(typed)
        hour, minute = (int(part or 0) for part in found.groups()) if found else (99, 0)
        if minute > 59 or hour * 60 + minute > latest:
            raise self._error("clock", day, typed=typed[:20])
        return f"{hour:02}:{minute:02}"

    def _error(self, code: str, day: str, **params: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"day": day_name(day), **params})
