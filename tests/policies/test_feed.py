"""The feed of published policies: valid Atom, stable, and never more than a visitor may see."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cbmportal.accounts.models import User
from contacts.access import viewer_of
from contacts.models import State
from policies.models import PolicySubmission, PolicyTranslation
from policies.services import draft_policy
from tests.policies.test_services import CONTENT
from tests.policies.test_views import collect, receive

Browse = Callable[..., Client]
ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(autouse=True)
def compiled_records_are_closed(settings: Any) -> None:
    settings.PORTAL_DEMO = False


def read(client: Client, prefix: str = "en") -> ElementTree.Element:
    response = client.get(f"/{prefix}/policies/feed.atom")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def text(element: ElementTree.Element, name: str) -> str:
    found = element.find(f"{ATOM}{name}")
    assert found is not None
    assert found.text
    return found.text


def titles(feed: ElementTree.Element) -> list[str]:
    return [text(entry, "title") for entry in feed.findall(f"{ATOM}entry")]


def translate(policy: PolicySubmission, language: str, title: str) -> None:
    PolicyTranslation.objects.create(policy=policy, language=language, title=title)


def test_it_is_atom_with_all_that_atom_asks_for(browse: Browse, chile: State) -> None:
    policy = receive(chile, title="Ley publicada", at=datetime(2026, 3, 1, tzinfo=UTC))
    feed = read(browse())
    assert feed.tag == f"{ATOM}feed"
    assert feed.get(LANGUAGE) == "en"
    assert uuid.UUID(text(feed, "id").removeprefix("urn:uuid:"))
    assert datetime.fromisoformat(text(feed, "updated")) == policy.updated_at
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "http://testserver/en/policies/",
        "self": "http://testserver/en/policies/feed.atom",
    }
    (entry,) = feed.findall(f"{ATOM}entry")
    assert text(entry, "id") == policy.uuid.urn
    assert datetime.fromisoformat(text(entry, "published")) == policy.published_at
    assert datetime.fromisoformat(text(entry, "updated")) == policy.updated_at
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == f"http://testserver/en/policies/{policy.ref}/"
    assert text(entry, f"author/{ATOM}name") == "Chile"


def test_each_language_has_a_feed_of_its_own_about_the_same_entries(browse: Browse, chile: State) -> None:
    receive(chile, title="Ley publicada")
    feeds = {prefix: read(browse(), prefix) for prefix in ("en", "es", "pt", "fr")}
    assert len({text(feed, "id") for feed in feeds.values()}) == 4
    assert len({text(feed, f"entry/{ATOM}id") for feed in feeds.values()}) == 1
    assert feeds["pt"].get(LANGUAGE) == "pt-br"


def test_a_title_is_the_readers_where_it_was_translated_and_says_its_language(
    browse: Browse, chile: State
) -> None:
    translate(receive(chile, title="Ley publicada"), "fr", "Loi publiée")

    def told(prefix: str) -> tuple[str, str | None]:
        (entry,) = read(browse(), prefix).findall(f"{ATOM}entry")
        return text(entry, "title"), entry.get(LANGUAGE)

    assert told("fr") == ("Loi publiée", "fr")
    assert told("en") == ("Ley publicada", "es")


def test_it_holds_what_a_visitor_sees_whoever_asks(
    browse: Browse, chile: State, delegate: User, officer: User
) -> None:
    receive(chile, title="Ley publicada")
    collect(chile, title="Ley compilada")
    draft_policy(state=chile, by=viewer_of(delegate), **{**CONTENT, "title": "Borrador secreto"})
    for person in (None, delegate, officer):
        assert titles(read(browse(person))) == ["Ley publicada"]


def test_compiled_records_come_when_they_are_open_and_say_what_they_are(
    browse: Browse, chile: State, settings: Any
) -> None:
    settings.PORTAL_DEMO = True
    collect(chile, title="Ley compilada")
    (entry,) = read(browse()).findall(f"{ATOM}entry")
    assert "Compiled from public sources, not submitted by the state" in text(entry, "summary")
    assert text(entry, f"author/{ATOM}name") == "Technical Secretariat (CICTE)"


def test_the_latest_come_first_and_fifty_are_enough(browse: Browse, chile: State) -> None:
    for day in range(1, 53):
        receive(chile, title=f"Ley {day}", at=datetime(2026, 1, 1, 0, day, tzinfo=UTC))
    assert titles(read(browse())) == [f"Ley {day}" for day in range(52, 2, -1)]


def test_what_a_state_wrote_stays_text(browse: Browse, chile: State) -> None:
    receive(chile, title="Ley <b>1</b> & 2", description="Uno <script>\n\nDos")
    feed = read(browse())
    assert titles(feed) == ["Ley <b>1</b> & 2"]
    summary = text(feed, f"entry/{ATOM}summary")
    assert '<p lang="es">Uno &lt;script&gt;</p><p lang="es">Dos</p>' in summary


def test_a_reader_that_comes_again_is_told_that_nothing_changed(browse: Browse, chile: State) -> None:
    policy = receive(chile)
    client = browse()
    first = client.get("/en/policies/feed.atom")
    by_tag = {"if-none-match": first["ETag"]}
    by_time = {"if-modified-since": first["Last-Modified"]}
    for headers in (by_tag, by_time):
        again = client.get("/en/policies/feed.atom", headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    translate(policy, "en", "Law")
    changed = client.get("/en/policies/feed.atom", headers=by_tag)
    assert changed.status_code == 200
    assert b"Law" in changed.content


@pytest.mark.django_db
def test_an_empty_feed_is_a_feed(browse: Browse) -> None:
    assert titles(read(browse())) == []


def test_the_pages_about_policies_name_the_feed(browse: Browse, chile: State) -> None:
    policy = receive(chile)
    for path in ("/fr/policies/", f"/fr/policies/{policy.ref}/"):
        html = browse().get(path).content.decode()
        assert '<link rel="alternate" type="application/atom+xml"' in html
        assert 'href="/fr/policies/feed.atom"' in html


def test_more_documents_take_no_more_queries(browse: Browse, chile: State) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(browse())
        return len(captured)

    for number in range(3):
        translate(receive(chile), "en", f"Law {number}")
    few = queries()
    for number in range(3, 30):
        translate(receive(chile), "en", f"Law {number}")
    assert queries() == few == 2
