"""The language prefix of addresses: /en/ /es/ /pt/ /fr/. Portuguese is Brazilian (pt-br) behind /pt/."""

import unicodedata
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import URLPattern, URLResolver, is_valid_path
from django.urls.resolvers import LocalePrefixPattern
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_from_path


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


class LanguageMiddleware(LocaleMiddleware):
    """An address typed without its language, or with a longer name of it (/pt-BR/, /es-CO/), leads to the page."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        answer: HttpResponseBase = super().process_response(request, response)
        if answer.status_code != 404 or not (address := _in_reader_language(request)):
            return answer
        redirect = HttpResponseRedirect(address)
        patch_vary_headers(redirect, ("Accept-Language", "Cookie"))
        return redirect


def _in_reader_language(request: HttpRequest) -> str:
    """The address of the page that was meant, if there is one and it is another."""
    path = request.path_info
    if get_language_from_path(path):
        path = f"/{path.lstrip('/').partition('/')[2]}"
    meant = f"/{reader_language()}{path}"
    if not is_valid_path(meant) and not meant.endswith("/"):
        meant += "/"
    if meant == request.path_info or not is_valid_path(meant):
        return ""
    query = request.META.get("QUERY_STRING", "")
    return f"{meant}?{query}" if query else meant
