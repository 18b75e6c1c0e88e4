"""axe finds nothing: on any page, in any language, light or dark, on a narrow screen or a wide one.

`make test` looks at every eighth page, with language, theme and width dealt in turn; `make audit` at every page in
every way.
"""

from collections.abc import Callable
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import translation
from playwright.sync_api import Page

from tests.everywhere.conftest import Stop

pytestmark = pytest.mark.django_db

WIDTHS = (320, 1280)
THEMES = ("light", "dark")
LANGUAGES = [code for code, _name in settings.LANGUAGES]
Way = tuple[str, str, int]
WAYS: list[Way] = list(product(LANGUAGES, THEMES, WIDTHS))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


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
    for number, stop in enumerate(route if len(ways) == 1 else route[::8]):
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
