"""Dates in words, in the reader's language: on pages, in histories, in documents."""

from datetime import date, datetime
from functools import cache

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, get_timezone_location
from django.utils import timezone
from django.utils.translation import get_language


def reader_locale() -> Locale:
    """The reader's language as Babel knows it. English has day before month, as in the other three."""
    code = get_language() or "en"
    return Locale.parse("en_GB" if code == "en" else code.replace("-", "_"))


def partial_date(value: str) -> str:
    """A date as far as it is known: a day, a month or only a year."""
    if len(value) == 10:
        return day(date.fromisoformat(value))
    if len(value) == 7:
        return str(format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=reader_locale()))
    return value


def day(value: date | None) -> str:
    return str(format_date(value, "long", locale=reader_locale())) if value else ""


def day_and_time_pattern(locale: Locale) -> str:
    """CLDR's long date with a 24-hour time, which no language here reads wrongly."""
    return f"{locale.date_formats['long'].pattern}, HH:mm"


def day_and_time(value: datetime) -> str:
    """In the reader's own time zone."""
    locale, here = reader_locale(), timezone.localtime(value)
    return str(format_datetime(here, day_and_time_pattern(locale), tzinfo=here.tzinfo, locale=locale))


def zone_city(zone: str) -> str:
    """The city that names a time zone: Bogotá for America/Bogota, also where CLDR has only the zone's name."""
    return _city(zone, str(reader_locale()))


@cache
def _city(zone: str, locale: str) -> str:
    return str(get_timezone_location(zone, locale=locale, return_city=True)).rpartition("/")[2]
