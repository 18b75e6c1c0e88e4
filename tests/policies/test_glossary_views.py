"""The glossary as readers meet it: in their own alphabet, with the other languages beside."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacts.access import portal
from contacts.services import curate
from policies.models import GlossaryTerm

Browse = Callable[..., Client]
LANGUAGES = ("en", "es", "pt", "fr")


def term(key: str, topic: str = "law", **texts: Any) -> GlossaryTerm:
    given = {f"{name}_{code}": f"{key} {code}" for name in ("term", "definition") for code in LANGUAGES}
    return curate(GlossaryTerm(key=key, topic=topic, **{**given, **texts}), by=portal(), reason="test")


@pytest.fixture
def three(db: None) -> None:
    term("law", term_en="law", term_es="ley", term_pt="lei", term_fr="loi")
    term("state", term_en="state", term_es="Estado", term_pt="Estado", term_fr="État", topic="diplomacy")
    term("threat", term_en="threat", term_es="amenaza", term_pt="ameaça", term_fr="menace", topic="threats")


def read(client: Client, prefix: str = "en", /, **query: Any) -> str:
    response = client.get(f"/{prefix}/glossary/", query)
    assert response.status_code == 200
    return response.content.decode()


def terms(html: str) -> list[str]:
    return re.findall(r'<li id="\w+">\s*<h3>([^<]+)</h3>', html)


def test_terms_stand_in_the_readers_alphabet(browse: Browse, three: None) -> None:
    assert {code: terms(read(browse(), code)) for code in LANGUAGES} == {
        "en": ["law", "state", "threat"],
        "es": ["amenaza", "Estado", "ley"],
        "pt": ["ameaça", "Estado", "lei"],
        "fr": ["État", "loi", "menace"],
    }


def test_letters_lead_to_where_their_terms_begin(browse: Browse, three: None) -> None:
    html = read(browse(), "fr")
    letters = re.findall(r'<li><a href="#letter-(\w+)">', html)
    assert letters == re.findall(r'<h2 id="letter-(\w+)">', html) == ["e", "l", "m"]


def test_terms_that_begin_with_a_figure_stand_together(browse: Browse, three: None) -> None:
    for name in ("5G", "24/7 network"):
        term(f"term{name[0]}", term_en=name)
    html = read(browse())
    assert terms(html) == ["24/7 network", "5G", "law", "state", "threat"]
    assert re.findall(r'<h2 id="letter-\w+">([^<]+)</h2>', html) == ["0–9", "L", "S", "T"]


def test_the_other_languages_stand_beside_each_in_its_own(browse: Browse, three: None) -> None:
    html = read(browse(), "pt", q="ameaça")
    assert re.findall(r'<span lang="(\w+)">([^<]+)</span>', html) == [
        ("en", "threat"),
        ("es", "amenaza"),
        ("fr", "menace"),
    ]
    assert 'href="/pt/policies/?q=amea%C3%A7a"' in html


def test_a_term_says_what_it_means_and_how_else_it_is_called(browse: Browse, db: None) -> None:
    term("law", synonyms_en=["statute", "act"], definition_en="A binding <rule>.", synonyms_fr=["texte"])
    html = read(browse())
    assert "A binding &lt;rule&gt;." in html
    assert "also: statute, act" in html
    assert "texte" not in html


def test_a_search_finds_in_any_language_without_case_and_accents(browse: Browse, three: None) -> None:
    assert terms(read(browse(), q="AMEACA")) == ["threat"]
    assert terms(read(browse(), q="etat", topic="diplomacy")) == ["state"]
    assert terms(read(browse(), q="etat", topic="law")) == []
    assert terms(read(browse(), topic="threats")) == ["threat"]


def test_nothing_found_and_nothing_entered_are_told_apart(browse: Browse, db: None) -> None:
    assert "No term matches this search" in read(browse(), q="nothing")
    assert "once the Secretariat has entered them" in read(browse())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [("topic", "nonsense"), ("topic", "\0"), ("q", "a\0b"), ("q", "x" * 10_000)],
    ids=lambda value: value[:8],
)
def test_a_wrong_search_is_refused_at_its_field(browse: Browse, name: str, value: str) -> None:
    response = browse().get("/en/glossary/", {name: value})
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [name]
    assert "Correct the search to see terms." in response.content.decode()


@pytest.mark.django_db
def test_more_terms_take_no_more_queries(browse: Browse) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(browse())
        return len(captured)

    for number in range(3):
        term(f"term{number}")
    few = queries()
    for number in range(3, 30):
        term(f"term{number}")
    assert queries() == few == 1
