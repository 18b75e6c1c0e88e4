"""How dates, ages, telephone numbers and languages are written in each language."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.translation import override

from cbmportal.pages.templatetags import portal

JUNE = datetime(2026, 6, 1, 18, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["14 June 2018", "June 2018", "2018", ""]),
        ("es", ["14 de junio de 2018", "junio de 2018", "2018", ""]),
        ("pt-br", ["14 de junho de 2018", "junho de 2018", "2018", ""]),
        ("fr", ["14 juin 2018", "juin 2018", "2018", ""]),
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(language: str, written: list[str]) -> None:
    with override(language):
        assert [portal.partial_date(one) for one in ("2018-06-14", "2018-06", "2018", "")] == written


def test_a_day_is_written_in_full() -> None:
    assert (portal.day(date(2018, 6, 14)), portal.day(None)) == ("14 June 2018", "")


def test_a_moment_is_utc_for_who_has_no_time_zone() -> None:
    assert portal.moment(JUNE) == '<time datetime="2026-06-01T18:05:00Z">1 June 2026, 18:05 UTC</time>'


def test_a_moment_is_in_the_readers_time_zone_with_utc_beside_it() -> None:
    with timezone.override(ZoneInfo("America/Bogota")):
        assert portal.exact(JUNE) == "1 June 2026, 13:05 Bogota time (18:05 UTC)"


def test_utc_has_its_own_day_where_that_is_another() -> None:
    with timezone.override(ZoneInfo("America/Bogota")):
        late = datetime(2026, 6, 2, 3, 0, tzinfo=UTC)
        assert portal.exact(late) == "1 June 2026, 22:00 Bogota time (2 June 2026, 03:00 UTC)"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "3 weeks ago"), ("es", "hace 3 semanas"), ("fr", "il y a 3 semaines")]
)
def test_an_age_is_in_words_with_the_exact_moment(language: str, words: str) -> None:
    then = timezone.now() - timedelta(weeks=3)
    with override(language):
        shown = portal.age(then)
        assert words in shown
        assert portal.exact(then) in shown


def test_what_happened_today_was_today() -> None:
    assert ">today <" in portal.age(timezone.now())


def test_no_moment_is_written_as_nothing() -> None:
    assert (portal.moment(None), portal.age(None), portal.telephone("")) == ("", "", "")


def test_a_telephone_number_can_be_dialled() -> None:
    assert portal.telephone("+56221230001") == (
        '<a class="telephone" href="tel:+56221230001">+56 2 2123 0001</a>'
    )
    assert portal.telephone("+56221230001;ext=12") == (
        '<a class="telephone" href="tel:+56221230001;ext=12">+56 2 2123 0001, extension 12</a>'
    )


def test_languages_are_named_in_the_readers_language() -> None:
    assert portal.language_name("ht") == "Haitian Creole"
    with override("pt-br"):
        assert portal.language_name("es") == "espanhol"


def test_language_tags_are_as_html_writes_them() -> None:
    assert [portal.language_tag(one) for one in ("en", "pt-br")] == ["en", "pt-BR"]


def test_a_tag_escapes_its_text() -> None:
    assert portal.tag("<b>", "good") == '<span class="tag tag-good">&lt;b&gt;</span>'
