"""Rows by the hundred: their template is rendered once for each shape that a row can have, and then filled in.

A row gives texts by name. Its template asks no more than whether a text is there, and says where it stands:
`{% if row.phone %}<p>{{ row.phone }}</p>{% endif %}`. Rows in which the same texts are there differ in nothing
but these, so one rendering with a mark in the place of each serves them all.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

#: Around the name of a text, in characters that neither templates nor translations have.
MARKED = re.compile("\ue000(\\w+)\ue001")


def filled(template: str, row: Mapping[str, str]) -> SafeString:
    """The template with the texts of `row`, escaped; an empty text is not there."""
    there = {name: escape(text) for name, text in row.items() if text}
    return SafeString(_form(template, tuple(there), get_language()) % there)


@lru_cache(maxsize=2048)
def _form(template: str, names: tuple[str, ...], _language: str | None) -> str:
    marks = {name: SafeString(f"\ue000{name}\ue001") for name in names}
    return MARKED.sub(r"%(\1)s", render_to_string(template, {"row": marks}).replace("%", "%%"))
