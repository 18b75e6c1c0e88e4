"""The frame of every page: the language switcher, the navigation, the banner."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from cbmportal.accounts.models import User
from contacts.models import State

Browse = Callable[..., Client]


def page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def switcher(html: str) -> list[tuple[str, str]]:
    part = html[html.index('class="head-languages"') : html.index('class="head-nav"')]
    return re.findall(r'href="([^"]+)" lang="([^"]+)"', part)


def navigation(html: str) -> list[str]:
    part = html[html.index('class="head-nav"') : html.index("</header>")]
    return re.findall(r'<li><a href="([^"]+)"', part)


@pytest.mark.django_db
def test_the_switcher_leads_to_the_same_page_in_each_language(browse: Browse) -> None:
    html = page(browse(), "/es/policies/?q=ley&kind=law")
    assert switcher(html) == [
        ("/en/policies/?q=ley&amp;kind=law", "en"),
        ("/es/policies/?q=ley&amp;kind=law", "es"),
        ("/pt/policies/?q=ley&amp;kind=law", "pt-BR"),
        ("/fr/policies/?q=ley&amp;kind=law", "fr"),
    ]


@pytest.mark.django_db
def test_the_switcher_of_an_address_without_a_language_leads_home(browse: Browse) -> None:
    assert [url for url, _tag in switcher(page(browse(), "/nowhere"))] == ["/en/", "/es/", "/pt/", "/fr/"]


@pytest.mark.django_db
@pytest.mark.parametrize(("prefix", "tag"), [("en", "en"), ("es", "es"), ("pt", "pt-BR"), ("fr", "fr")])
def test_a_page_says_its_language(browse: Browse, prefix: str, tag: str) -> None:
    assert f'<html lang="{tag}">' in page(browse(), f"/{prefix}/")


@pytest.mark.django_db
def test_a_visitor_is_shown_the_public_places_and_the_way_in(browse: Browse) -> None:
    assert navigation(page(browse(), "/en/")) == [
        "/en/",
        "/en/states/",
        "/en/policies/",
        "/en/measures/",
        "/en/implementation/",
        "/en/account/login/",
    ]


def test_a_delegate_is_shown_the_directory_and_their_state(browse: Browse, delegate: User) -> None:
    assert navigation(page(browse(delegate), "/en/"))[5:7] == ["/en/directory/", "/en/my/"]


def test_an_observer_has_no_state(browse: Browse, observer: User) -> None:
    assert navigation(page(browse(observer), "/en/states/"))[5:6] == ["/en/directory/"]


def test_who_has_lost_all_access_is_not_shown_the_directory(browse: Browse, former: User) -> None:
    assert "/en/directory/" not in navigation(page(browse(former), "/en/"))


def test_the_place_one_is_at_is_marked(browse: Browse, chile: State) -> None:
    assert 'href="/en/states/" aria-current="page"' in page(browse(), "/en/states/")
    assert 'href="/en/states/" aria-current="true"' in page(browse(), "/en/states/CHL/")


@pytest.mark.django_db
def test_the_foot_leads_to_the_other_public_pages(browse: Browse) -> None:
    html = page(browse(), "/fr/privacy/")
    foot = html[html.index("<footer") :]
    assert re.findall(r'<a href="([^"]+)"', foot) == [
        *(f"/fr/{name}/" for name in ("timeline", "glossary", "about", "privacy", "accessibility")),
        "/api/v1/docs/",
    ]
    assert 'href="/fr/privacy/" aria-current="page"' in foot


@pytest.mark.django_db
def test_search_engines_find_each_page_in_each_language(browse: Browse) -> None:
    html = page(browse(), "/es/policies/?q=ley")
    assert re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', html) == [
        ("en", "http://testserver/en/policies/?q=ley"),
        ("es", "http://testserver/es/policies/?q=ley"),
        ("pt-BR", "http://testserver/pt/policies/?q=ley"),
        ("fr", "http://testserver/fr/policies/?q=ley"),
        ("x-default", "http://testserver/policies/?q=ley"),
    ]
    assert html.count('<meta name="description" content="') == 1


@pytest.mark.django_db
def test_an_error_is_not_for_search_engines(browse: Browse) -> None:
    html = page(browse(), "/es/nowhere/")
    assert "hreflang" not in html[: html.index("<body")]
    assert '<meta name="description"' not in html


@pytest.mark.django_db
@pytest.mark.parametrize("demo", [True, False])
def test_a_demonstration_says_that_it_is_one(browse: Browse, settings: object, demo: bool) -> None:
    settings.PORTAL_DEMO = demo  # type: ignore[attr-defined]
    assert ('class="demo"' in page(browse(), "/en/")) is demo


@pytest.mark.django_db
def test_a_page_has_no_inline_script_or_style(browse: Browse) -> None:
    html = page(browse(), "/en/")
    assert re.findall(r"<script|<style|\sstyle=|\son\w+=", html) == []
