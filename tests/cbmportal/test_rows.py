from typing import NamedTuple

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from cbmportal import rows
from cbmportal.rows import filled, written_of

CONTACT = "contacts/_contact.html"
NAMES = (
    *("name", "address", "state", "category", "position", "institution", "warning", "languages"),
    *("phone", "phone_in_words", "mobile", "mobile_in_words", "mailbox", "email"),
    *("clock", "place", "round_the_clock", "open", "closed", "opens_on", "opens_at", "hours"),
    *("freshness", "tone", "fresh", "confirmed", "ago", "on"),
)


@given(st.dictionaries(st.sampled_from(NAMES), st.text(), max_size=len(NAMES)))
def test_a_row_filled_in_is_the_template_rendered(row):
    for language in ("en", "es", "pt-br", "fr"):
        with override(language):
            assert filled(CONTACT, row, language) == render_to_string(CONTACT, {"row": row})


@pytest.mark.parametrize(
    "text", ["100 %", "%(email)s", "<script>", "\"quoted\" & 'so'", "\ue000email\ue001", "{{ row.email }}"]
)
def test_a_text_is_never_more_than_text(text):
    row = {"name": text, "email": "ana@example.org"}
    assert filled(CONTACT, row, "en") == render_to_string(CONTACT, {"row": row})


class Listed(NamedTuple):
    row: dict[str, str]
    row_depends_on: str


def test_a_row_is_kept_for_what_it_depends_on_in_each_language_and_not_beyond_bounds(monkeypatch):
    monkeypatch.setattr(rows, "_KEPT", {})
    monkeypatch.setattr(rows, "MOST_KEPT", 2)
    first = rows.written(CONTACT, [Listed({"name": "Ana", "phone": "+1"}, "1")])
    assert "Ana" in first
    assert rows.written(CONTACT, [Listed({"name": "Eva", "phone": "+1"}, "1")]) == first
    with override("es"):
        assert rows.written(CONTACT, [Listed({"name": "Eva", "phone": "+1"}, "1")]) != first
    assert "Eva" in rows.written(CONTACT, [Listed({"name": "Eva"}, "2")])
    assert len(rows._KEPT) <= 2


class Part(NamedTuple):
    iso3: str = "CHL"
    name: str = "Chile"
    address: str = "/"
    numbers: tuple[int, ...] = ()
    said: str = ""
    takes_part: bool = False


def test_a_part_is_written_anew_for_anything_else_that_it_says_and_in_each_language():
    tile = "pages/_tile.html"
    texts = {written_of(tile, [part]) for part in (Part(), Part(numbers=(1,)), Part(takes_part=True))}
    with override("fr"):
        texts.add(written_of(tile, [Part()]))
        assert written_of(tile, [Part()]) == render_to_string(tile, {"part": Part()})
    assert len(texts) == 4
