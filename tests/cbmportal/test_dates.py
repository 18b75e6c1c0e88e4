from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_timedelta
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from cbmportal.dates import ago, day, day_and_time, partial_date, reader_locale, zone_city


@pytest.mark.parametrize(
    ("value", "words"), [("2018", "2018"), ("2018-06", "June 2018"), ("2018-06-14", "14 June 2018"), ("", "")]
)
def test_dates_are_told_as_far_as_they_are_known(value, words):
    assert partial_date(value) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "14 June 2018"),
        ("es", "14 de junio de 2018"),
        ("pt-br", "14 de junho de 2018"),
        ("fr", "14 juin 2018"),
    ],
)
def test_dates_are_told_in_the_readers_language(language, words):
    with override(language):
        assert day(date(2018, 6, 14)) == partial_date("2018-06-14") == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "1 June 2018"),
        ("es", "1 de junio de 2018"),
        ("pt-br", "1º de junho de 2018"),
        ("fr", "1er juin 2018"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_where_the_language_has_one(language, words):
    with override(language):
        assert day(date(2018, 6, 1)) == words
        assert day_and_time(datetime(2018, 6, 1, 9, 5, tzinfo=UTC)) == f"{words}, 09:05"


def test_times_are_told_in_the_readers_zone():
    with timezone.override(ZoneInfo("America/Bogota")):
        assert day_and_time(datetime(2026, 6, 1, 2, tzinfo=UTC)) == "31 May 2026, 21:00"


@pytest.mark.parametrize(
    ("zone", "language", "city"),
    [
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires"),
        ("America/Bogota", "es", "Bogotá"),
        ("America/Mexico_City", "fr", "Mexico"),
        ("America/Port-au-Prince", "pt-br", "Porto Príncipe"),
    ],
)
def test_a_time_zone_is_named_by_its_city_in_the_readers_language(
    zone: str, language: str, city: str
) -> None:
    with override(language):
        assert zone_city(zone) == city


@given(st.timedeltas(timedelta(days=1), timedelta(days=3000)))
def test_ages_are_told_as_babel_tells_them_to_the_second(age):
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    exactly = format_timedelta(
        -age, add_direction=True, granularity="day", threshold=1.2, locale=reader_locale()
    )
    assert ago(now - age, now) == exactly


def test_today_is_the_readers_today():
    late, now = datetime(2026, 6, 1, 3, tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert ago(late, now) == "today"
    with timezone.override(ZoneInfo("America/Bogota")):
        assert ago(late, now) == "1 day ago"
