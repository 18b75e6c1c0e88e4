"""The list of policies and the page of one: who sees what, and what wrong input gets."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cbmportal.accounts.models import User
from contacts.access import portal, viewer_of
from contacts.models import State
from policies.models import PolicySubmission
from policies.services import (
    add_file,
    compile_policy,
    correct_policy,
    draft_policy,
    enter_received_policy,
    publish_policy,
    return_policy,
    set_translation,
    submit_policy,
)
from tests.policies.test_services import CONTENT

Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def compiled_records_are_closed(settings: Any) -> None:
    settings.PORTAL_DEMO = False


def receive(state: State, **fields: Any) -> PolicySubmission:
    how = {"received_how": "E-mail", "received_on": "2026-01-01"}
    return enter_received_policy(state=state, by=portal(), reason="test", **how, **{**CONTENT, **fields})


def collect(state: State, **fields: Any) -> PolicySubmission:
    details = {"source_grade": "copy", **CONTENT, **fields}
    return compile_policy(state=state, by=portal(), reason="test", **details)


def search(client: Client, prefix: str = "en", /, **query: Any) -> tuple[int, str]:
    response = client.get(f"/{prefix}/policies/", query)
    return response.status_code, response.content.decode()


def titles(client: Client, **query: Any) -> list[str]:
    response = client.get("/en/policies/", query)
    return [policy.title for policy in response.context["page"]]


# Who sees what ---------------------------------------------------------------------------------------------


def test_a_visitor_sees_what_is_published_and_no_draft(browse: Browse, chile: State, delegate: User) -> None:
    receive(chile, title="Ley publicada")
    draft_policy(state=chile, by=viewer_of(delegate), **{**CONTENT, "title": "Borrador secreto"})
    assert titles(browse()) == ["Ley publicada"]
    assert titles(browse(delegate)) == ["Ley publicada", "Borrador secreto"]


def test_a_draft_is_not_found_but_by_its_state(
    browse: Browse, chile: State, delegate: User, neighbour: User, officer: User
) -> None:
    draft = draft_policy(state=chile, by=viewer_of(delegate), **CONTENT)
    answers = [
        browse(one).get(draft.get_absolute_url()).status_code for one in (None, neighbour, delegate, officer)
    ]
    assert answers == [404, 404, 200, 200]


def test_a_compiled_record_is_open_only_if_the_secretariat_says_so(
    browse: Browse, chile: State, settings: Any
) -> None:
    record = collect(chile, title="Ley compilada")
    assert titles(browse()) == []
    assert browse().get(record.get_absolute_url()).status_code == 404
    settings.PORTAL_DEMO = True
    assert titles(browse()) == ["Ley compilada"]


def test_a_compiled_record_says_that_no_state_submitted_it(
    browse: Browse, chile: State, settings: Any
) -> None:
    settings.PORTAL_DEMO = True
    record = collect(chile, legal_status="in_force", legal_status_inferred=True)
    listed = search(browse())[1]
    assert "Compiled from public sources, not submitted by the state" in listed
    assert "In force (inferred)" in listed
    page = browse().get(record.get_absolute_url()).content.decode()
    assert "Chile has not submitted or confirmed it, and it does not count for measure 1." in page
    assert "Inferred, not checked against an official register" in page


def test_a_visitor_does_not_learn_who_submitted_nor_what_was_commented(
    browse: Browse, chile: State, delegate: User
) -> None:
    policy = draft_policy(state=chile, by=viewer_of(delegate), **CONTENT)
    submit_policy(policy=policy, by=viewer_of(delegate))
    return_policy(policy=policy, comment="Give the link, please.", by=portal())
    submit_policy(policy=policy, by=viewer_of(delegate))
    publish_policy(policy=policy, by=portal())
    correct_policy(policy=policy, changes={"notes": "A private note"}, by=portal(), reason="test")
    pages = [browse(one).get(policy.get_absolute_url()).content.decode() for one in (None, delegate)]
    for secret in (delegate.full_name, "A private note"):
        assert [page.count(secret) > 0 for page in pages] == [False, True]


def test_a_successor_out_of_sight_is_not_named(browse: Browse, chile: State, delegate: User) -> None:
    secret = draft_policy(state=chile, by=viewer_of(delegate), **{**CONTENT, "title": "Sucesora secreta"})
    old = receive(chile, title="Ley vieja")
    changes = {"superseded_by": secret, "legal_status": "superseded"}
    correct_policy(policy=old, changes=changes, by=portal(), reason="test")
    assert "Sucesora secreta" not in browse().get(old.get_absolute_url()).content.decode()
    assert "Sucesora secreta" in browse(delegate).get(old.get_absolute_url()).content.decode()


# What a record shows ---------------------------------------------------------------------------------------


def test_a_policy_shows_every_field_that_the_state_has_shared(browse: Browse, chile: State) -> None:
    old = receive(chile, title="Ley vieja", legal_status="superseded")
    policy = receive(
        chile,
        official_number="21.663",
        in_force_from="2020-07-01",
        legal_status="in_force",
        link="https://example.org/ley",
    )
    correct_policy(policy=old, changes={"superseded_by": policy}, by=portal(), reason="test")
    page = browse().get(policy.get_absolute_url()).content.decode()
    for text in (
        *("Ley de prueba", "Establece reglas de prueba.", "Ministerio de Pruebas", "21.663", "Law"),
        *("June 2020 (Adoption)", "1 July 2020", "In force", "Spanish", "Diario Oficial 1, 2020"),
        *("Received from the state and entered by the Secretariat", "E-mail, 1 January 2026"),
        *('href="https://example.org/ley"', "Ley vieja", policy.ref),
    ):
        assert text in page, text


def test_a_title_keeps_its_language_and_its_translation_says_what_it_is(browse: Browse, chile: State) -> None:
    policy = receive(chile)
    set_translation(
        policy=policy, language="en", title="Test Act", standing="courtesy", by=portal(), reason="test"
    )
    for html in (search(browse())[1], browse().get(policy.get_absolute_url()).content.decode()):
        assert 'lang="es">Ley de prueba' in html
        assert "Test Act" in html
        assert "(Courtesy translation)" in html
    assert "Test Act" not in search(browse(), "es")[1]


def test_file_copies_are_listed_with_their_digest(
    browse: Browse, chile: State, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    policy = receive(chile)
    copy = add_file(
        policy=policy,
        upload=ContentFile(b"%PDF-1.7 test", "ley.pdf"),
        name="ley.pdf",
        by=portal(),
        reason="test",
    )
    page = browse().get(policy.get_absolute_url()).content.decode()
    assert copy.sha256 in page
    assert f'href="{reverse("policy_file", kwargs={"ref": policy.ref, "number": 1})}"' in page


# Searching ------------------------------------------------------------------------------------------------


def test_a_search_finds_by_words_state_and_year(browse: Browse, chile: State, colombia: State) -> None:
    receive(chile, title="Ley de datos", date="2019")
    receive(colombia, title="Ley de redes", date="2021-05")
    assert titles(browse(), q="REDES") == ["Ley de redes"]
    assert titles(browse(), state="CHL") == ["Ley de datos"]
    assert titles(browse(), year_from="2020", year_to="2021") == ["Ley de redes"]


def test_an_unknown_parameter_is_ignored_on_pages(browse: Browse, chile: State) -> None:
    receive(chile)
    assert titles(browse(), utm_source="x", published_since="yesterday") == ["Ley de prueba"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q", "x" * 10_000),
        ("q", "a\0b"),
        ("q", "a b c d e f g h i j k l m"),
        ("state", "XXX"),
        ("state", "a\0b"),
        ("kind", "poem"),
        ("kind", "a\0b"),
        ("language", "tlh"),
        ("status", "perhaps"),
        ("year_from", "-1"),
        ("year_from", "99999999999999999999"),
        ("year_from", "1e999999"),
        ("year_to", "NaN"),
        ("year_to", "2020.5"),
        ("year_to", "soon"),
    ],
)
def test_a_wrong_search_names_the_field(browse: Browse, chile: State, name: str, value: str) -> None:
    receive(chile)
    status, html = search(browse(), **{name: value})
    assert status == 400
    assert f'href="#id_{name}"' in html
    assert f'id="id_{name}_error"' in html
    assert "Ley de prueba" not in html


def test_words_may_hold_anything_that_can_be_typed(browse: Browse, chile: State) -> None:
    receive(chile)
    for words in ("%", "_", "' OR 1=1 --", "\\", "\u202e", "<script>", "ñ" * 200):
        assert search(browse(), q=words)[0] == 200


@pytest.mark.parametrize("number", ["0", "-1", "2", "9" * 5000, "soon", "1\0", ""])
def test_a_page_that_does_not_exist_is_told_by_name(browse: Browse, chile: State, number: str) -> None:
    receive(chile)
    answer = browse().get("/en/policies/", {"page": number})
    assert answer.status_code == 400
    assert ["“page”" in error for error in answer.context["form"].non_field_errors()] == [True]
    assert answer.context["page"].number == 1


def test_the_next_page_keeps_the_search(browse: Browse, chile: State) -> None:
    for number in range(21):
        receive(chile, title=f"Ley {number}")
    html = search(browse(), q="ley", state="CHL")[1]
    assert 'href="?q=ley&amp;state=CHL&amp;page=2"' in html
    assert "21 documents" in html


@pytest.mark.parametrize(
    "ref",
    [
        "CHL-2020-1",
        "chl-2020-001",
        "CHL-2020-999",
        "CHL-2020-001%00",
        "%00",
        "CHL-2020-" + "1" * 500,
        "..%2f",
    ],
)
def test_what_is_no_record_number_is_not_found(browse: Browse, chile: State, ref: str) -> None:
    receive(chile)
    assert browse().get(f"/en/policies/{ref}/").status_code == 404


def test_an_empty_repository_says_what_would_be_here(browse: Browse, chile: State) -> None:
    assert "No document has been published yet" in search(browse())[1]
    assert "No document matches this search" in search(browse(), q="ley")[1]


def test_states_stand_in_the_readers_alphabet(browse: Browse, chile: State, colombia: State) -> None:
    choices = [
        label for value, label in browse().get("/fr/policies/").context["form"].fields["state"].widget.choices
    ]
    assert choices[1:] == ["Chili", "Colombie"]


def test_pages_are_only_read(browse: Browse, chile: State) -> None:
    assert browse().post("/en/policies/").status_code == 405


# Queries --------------------------------------------------------------------------------------------------


def test_a_longer_list_takes_no_more_queries(browse: Browse, chile: State) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert search(browse())[0] == 200
        return len(captured)

    def add(number: int) -> None:
        policy = receive(chile, title=f"Ley {number}")
        set_translation(policy=policy, language="en", title=f"Act {number}", by=portal(), reason="test")

    for number in range(3):
        add(number)
    few = queries()
    for number in range(3, 30):
        add(number)
    assert queries() == few


def test_htmx_gets_what_was_found_and_no_more(browse: Browse, chile: State) -> None:
    receive(chile, title="Ley de prueba")
    answer = browse().get("/en/policies/?q=prueba", headers={"hx-request": "true"})
    html = answer.content.decode()
    assert "<html" not in html
    assert "<form" not in html
    assert re.search(r'hx-swap-oob="innerHTML:#found-count"><h2>\s*1 document\s*</h2>', html)
    assert "Ley de prueba" in html
    wrong = browse().get("/en/policies/?year_from=x", headers={"hx-request": "true"})
    assert (wrong.status_code, 'href="#id_year_from"' in wrong.content.decode()) == (400, True)


def test_a_record_says_how_to_cite_it(browse: Browse, chile: State) -> None:
    policy = receive(chile, title="Ley de prueba", date="2020-06-14")
    html = " ".join(browse().get(policy.get_absolute_url()).content.decode().split())
    assert (
        'Chile, <cite lang="es">Ley de prueba</cite>, 14 June 2020. CBM portal, record CHL-2020-001,' in html
    )
    assert f"http://testserver/en/policies/{policy.ref}/</span>" in html
