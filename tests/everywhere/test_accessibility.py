"""axe finds nothing: on any page, in any language, light or dark, on a narrow screen or a wide one.

`make test` looks at every page once, with language, theme and width dealt in turn; `make audit` at all of them.
"""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.everywhere.conftest import Stop

pytestmark = pytest.mark.django_db

WIDTHS = (320, 1280)
THEMES = ("light", "dark")
LANGUAGES = [code for code, _name in settings.LANGUAGES]
Way = tuple[str, str, int]
WAYS: list[Way] = list(product(LANGUAGES, THEMES, WIDTHS))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def address(demonstration: dict[str, Any]) -> Iterator[str]:
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture(scope="module")
def open_page(browser: Browser, address: str, clients: dict[str, Client]) -> Iterator[Callable[..., Page]]:
    """A page as one of those who look sees it, in one theme and width."""
    contexts: dict[tuple[str, str, int], Page] = {}

    def open_as(person: str, theme: str, width: int) -> Page:
        key = person, theme, width
        if key not in contexts:
            context = browser.new_context(
                color_scheme=theme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
            )
            cookies = clients[person].cookies.items()
            context.add_cookies([{"name": name, "value": one.value, "url": address} for name, one in cookies])
            contexts[key] = context.new_page()
        return contexts[key]

    yield open_as
    for page in contexts.values():
        page.context.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    ways = [[way] for way in WAYS] if metafunc.config.getoption("--audit") else [WAYS]
    if "ways" in metafunc.fixturenames:
        metafunc.parametrize("ways", ways, ids=[name_of(one) for one in ways])


def name_of(ways: list[Way]) -> str:
    return "-".join(map(str, ways[0])) if len(ways) == 1 else "sample"


def test_axe_finds_nothing(
    ways: list[Way], route: list[Stop], open_page: Callable[..., Page], address: str
) -> None:
    found = {}
    for number, stop in enumerate(route):
        language, theme, width = ways[number * 5 % len(ways)]
        page = open_page(stop.person, theme, width)
        with translation.override(language):
            page.goto(address + stop.address)
        place = stop.name, stop.person, language, theme, width
        violations = Axe().run(page, options=RULES).response["violations"]
        found |= {(*place, one["id"]): [node["html"][:200] for node in one["nodes"]] for one in violations}
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[*place, "scrolls sideways"] = []
    assert not found, "\n".join(f"{place}: {nodes}" for place, nodes in found.items())
