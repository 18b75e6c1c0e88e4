"""How addresses name states and submissions. What is not such a name is no page (404) before any query."""

from functools import cache

from django.urls import register_converter, reverse
from django.urls.converters import StringConverter
from django.utils.translation import get_language


class Iso3Converter(StringConverter):
    regex = "[A-Za-z]{3}"


class RefConverter(StringConverter):
    regex = "[A-Z]{3}-[0-9]{4}-[0-9]{3,9}"


class NoteLanguageConverter(StringConverter):
    regex = "en|es|pt|fr"


@cache
def register() -> None:
    """Let `<iso3:…>`, `<ref:…>` and `<note_language:…>` be written in paths."""
    register_converter(Iso3Converter, "iso3")
    register_converter(NoteLanguageConverter, "note_language")
    register_converter(RefConverter, "ref")


def address(page: str, name: object, sample: str) -> str:
    """`reverse(page, args=[name])` for lists: of all that is named like `sample`, it is worked out once."""
    return _pattern(page, sample, get_language()).replace(sample, str(name))


@cache
def _pattern(page: str, sample: str, _language: str | None) -> str:
    return reverse(page, args=[sample])
