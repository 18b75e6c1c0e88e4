"""What must hold on every page: it opens, asks the database little, and speaks one language."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from contacts.models import Institution, PointOfContact, State
from tests.everywhere.conftest import Stop
from tests.everywhere.foreign import Listener, texts

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
#: Pages whose addresses name no language.
NO_LANGUAGE = ("admin:", "demo_")
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture(scope="module")
def listener(demonstration: dict[str, Any]) -> Listener:
    names = [*Institution.objects.values_list("name", flat=True)]
    names += PointOfContact.objects.values_list("position", flat=True)
    names += State.objects.values_list("iso3", flat=True)
    return Listener(names)


def test_every_page_asks_the_database_little(route: list[Stop], clients: dict[str, Client]) -> None:
    asked = {}
    for stop in route:
        with CaptureQueriesContext(connection) as queries:
            clients[stop.person].get(stop.address)
        asked[stop.name, stop.person] = len(queries)
    assert {page: count for page, count in asked.items() if count > MOST_QUERIES} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_one_language(
    language: str, route: list[Stop], clients: dict[str, Client], listener: Listener
) -> None:
    heard = {}
    with translation.override(language):
        addresses = {stop: stop.address for stop in route if not stop.name.startswith(NO_LANGUAGE)}
    for stop, address in addresses.items():
        html = clients[stop.person].get(address).content.decode()
        if foreign := listener.foreign(html, language):
            heard[stop.name, stop.person] = foreign
    assert not heard, "\n".join(f"{page}: {one}" for page, foreign in heard.items() for one in foreign)


def test_the_listener_hears_what_was_left_in_another_language() -> None:
    listener = Listener(["Ministerio de la Prueba y de los Estados"])
    page = "<p>{}</p><p lang=en>Skip to the content</p>"
    assert listener.foreign(page.format("Skip to the content"), "es") == ["en: Skip to the content"]
    assert listener.foreign(page.format("Saltar"), "es") == []
    assert listener.foreign(page.format("This is what the state has shared"), "fr") == [
        "en: This is what the state has shared"
    ]
    assert listener.foreign(page.format("Ministerio de la Prueba y de los Estados"), "en") == []
    assert texts('<input placeholder="Search"><time>today</time>', "en") == ["Search"]
