"""The language prefix of addresses: /en/ /es/ /pt/ /fr/. Portuguese is Brazilian (pt-br) behind /pt/."""

import unicodedata
from typing import Any

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import get_language


def reader_language() -> str:
    """The two letters by which pages, columns and clients call the reader's language: en, es, pt or fr."""
    return (get_language() or "en")[:2]


def alphabetical(text: str) -> str:
    """The key by which names are sorted for readers: É stands with E, whatever the case."""
    plain = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return plain.casefold()


class LanguagePrefix(LocalePrefixPattern):
    @property
    def language_prefix(self) -> str:
        return f"{reader_language()}/"


def in_every_language(*patterns: URLPattern | URLResolver) -> list[Any]:
    """Like Django's i18n_patterns, with two letters for every language."""
    return [URLResolver(LanguagePrefix(), list(patterns))]
