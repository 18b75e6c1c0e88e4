"""Rows by the hundred: their template is rendered once for each shape that a row can have, and then filled in.

A row gives texts by name. Its template asks no more than whether a text is there, and says where it stands:
`{% if row.phone %}<p>{{ row.phone }}</p>{% endif %}`. Rows in which the same texts are there differ in nothing
but these, so one rendering with a mark in the place of each serves them all.
"""

import re
from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Protocol

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

#: Around the name of a text, in characters that neither templates nor translations have.
MARKED = re.compile("\ue000(\\w+)\ue001")
#: Rows kept as they were written, about a kilobyte each.
MOST_KEPT = 4_000


class Row(Protocol):
    @property
    def row(self) -> Mapping[str, str]:
        """The texts by name; an empty one is not there."""

    @property
    def row_depends_on(self) -> Hashable:
        """Everything that decides what is written, but for the language: rows in which it is equal are equal."""


def written(template: str, rows: Iterable[Row]) -> SafeString:
    """The template for each of the rows, with its texts escaped."""
    language = get_language() or ""
    return SafeString("".join([_kept(template, row, language) for row in rows]))


def _kept(template: str, row: Row, language: str) -> str:
    key = (template, language, row.row_depends_on)
    text = _KEPT.get(key)
    if text is None:
        text = filled(template, row.row, language)
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = text
    return text


_KEPT: dict[Hashable, str] = {}


def written_of(template: str, parts: Iterable[Hashable]) -> SafeString:
    """The template for each of these; it may ask anything of `part`, and depends on nothing else."""
    language = get_language() or ""
    return SafeString("".join([_part(template, part, language) for part in parts]))


@lru_cache(maxsize=512)
def _part(template: str, part: Hashable, _language: str) -> str:
    return render_to_string(template, {"part": part})


def filled(template: str, row: Mapping[str, str], language: str) -> str:
    there = {name: escape(text) for name, text in row.items() if text}
    return _form(template, tuple(there), language) % there


@lru_cache(maxsize=2048)
def _form(template: str, names: tuple[str, ...], _language: str) -> str:
    marks = {name: SafeString(f"\ue000{name}\ue001") for name in names}
    return MARKED.sub(r"%(\1)s", render_to_string(template, {"row": marks}).replace("%", "%%"))
