"""Dates in words, in the reader's language: on pages, in histories, in documents."""

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_timedelta, get_timezone_location
from django.utils import timezone
from django.utils.translation import get_language, gettext

#: Every moment at which an age gets other words is a whole multiple of this: 1.2 weeks are 201 hours 36 minutes.
STEP = timedelta(minutes=12)
FIRST_OF_A_MONTH = {"fr": "1er", "pt": "1º"}


def reader_locale() -> Locale:
    """The reader's language as Babel knows it. English has day before month, as in the other three."""
    return _locale(get_language() or "en")


@cache
def _locale(code: str) -> Locale:
    return Locale.parse("en_GB" if code == "en" else code.replace("-", "_"))


def partial_date(value: str) -> str:
    """A date as far as it is known: a day, a month or only a year."""
    if len(value) == 10:
        return day(date.fromisoformat(value))
    if len(value) == 7:
        return str(format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=reader_locale()))
    return value


def day(value: date | None) -> str:
    return _day(value, reader_locale()) if value else ""


@lru_cache(maxsize=4096)
def _day(value: date, locale: Locale) -> str:
    return str(format_date(value, _day_pattern(locale, value), locale=locale))


def _day_pattern(locale: Locale, value: date) -> str:
    """CLDR's long date, whose first of a month is no ordinal where the language has one."""
    pattern = str(locale.date_formats["long"].pattern)
    ordinal = FIRST_OF_A_MONTH.get(locale.language)
    return pattern.replace("d", f"'{ordinal}'", 1) if ordinal and value.day == 1 else pattern


def day_and_time_pattern(locale: Locale, value: date) -> str:
    """The long date with a 24-hour time, which no language here reads wrongly."""
    return f"{_day_pattern(locale, value)}, HH:mm"


def day_and_time(value: datetime) -> str:
    """In the reader's own time zone."""
    locale, here = reader_locale(), timezone.localtime(value)
    return str(format_datetime(here, day_and_time_pattern(locale, here), tzinfo=here.tzinfo, locale=locale))


def ago(value: datetime, now: datetime) -> str:
    """How long ago, in words: today, 3 weeks ago."""
    here = timezone.get_current_timezone()
    if value.astimezone(here).date() == now.astimezone(here).date():
        return gettext("today")
    return _ago((now - value) // STEP, reader_locale())


@lru_cache(maxsize=4096)
def _ago(steps: int, locale: Locale) -> str:
    within = (steps + 0.5) * STEP
    return str(format_timedelta(-within, add_direction=True, granularity="day", threshold=1.2, locale=locale))


def in_utc(value: datetime) -> str:
    """As machines write it: 2026-06-01T14:05:00Z."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def zone_city(zone: str) -> str:
    """The city that names a time zone: Bogotá for America/Bogota, also where CLDR has only the zone's name."""
    return _city(zone, reader_locale())


@cache
def _city(zone: str, locale: Locale) -> str:
    return str(get_timezone_location(zone, locale=locale, return_city=True)).rpartition("/")[2]
