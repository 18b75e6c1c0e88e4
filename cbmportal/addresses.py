"""How addresses name states and submissions. What is not such a name is no page (404) before any query."""

from functools import cache

from django.urls import register_converter
from django.urls.converters import StringConverter


class Iso3Converter(StringConverter):
    regex = "[A-Za-z]{3}"


class RefConverter(StringConverter):
    regex = "[A-Z]{3}-[0-9]{4}-[0-9]{3,9}"


@cache
def register() -> None:
    """Let `<iso3:…>` and `<ref:…>` be written in paths."""
    register_converter(Iso3Converter, "iso3")
    register_converter(RefConverter, "ref")
