"""The measures and the page of one, as visitors and members read them."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cbmportal.accounts.models import User
from contacts.access import portal
from contacts.models import PointOfContact, State
from contacts.services import curate
from measures.models import Measure, MeasureText
from tests.measures.test_implementation import participate, report
from tests.measures.test_models import make_measure

Browse = Callable[..., Client]


def word(measure: Measure, language: str, status: str, short: str, edition: int = 1) -> None:
    text = MeasureText(
        measure=measure,
        language=language,
        edition=edition,
        status=status,
        short=short,
        text=f"{short}, in full.",
    )
    curate(text, by=portal(), reason="test")


@pytest.fixture
def contact_measure(db: None) -> Measure:
    measure = make_measure(2, "cyber_policy")
    word(measure, "es", "official", "Nombrar un contacto")
    word(measure, "en", "translation", "Name a contact")
    return measure


@pytest.fixture
def capacity(db: None) -> Measure:
    return make_measure(4, "activities")


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_measure_is_read_in_the_readers_language_with_its_status(
    browse: Browse, contact_measure: Measure
) -> None:
    english, spanish = page(browse(), "/en/measures/2/"), page(browse(), "/es/measures/2/")
    assert "Measure 2: Name a contact</h1>" in english
    assert "Nombrar un contacto</h1>" in spanish
    assert english.index("Name a contact, in full.") < english.index("Nombrar un contacto, in full.")


def test_the_newest_wording_is_the_one_read(browse: Browse, contact_measure: Measure) -> None:
    word(contact_measure, "en", "official", "Designate a contact", edition=2)
    assert "Measure 2: Designate a contact</h1>" in page(browse(), "/en/measures/2/")


def test_a_measure_without_text_has_a_page(browse: Browse, capacity: Measure) -> None:
    assert "no text in this language yet" in page(browse(), "/en/measures/4/")
    page(browse(), "/en/measures/")


def test_which_states_have_named_contacts_only_members_read(
    browse: Browse, contact_measure: Measure, ana: PointOfContact, neighbour: User, former: User
) -> None:
    participate(ana.state, since=date(1948, 1, 1))
    link = 'href="/en/states/CHL/"'
    assert link in page(browse(neighbour), "/en/measures/2/")
    for outsider in (None, former):
        html = page(browse(outsider), "/en/measures/2/")
        assert link not in html
        assert '<span class="number-large">1</span>' in html


def test_an_activity_for_members_is_not_shown_to_visitors(
    browse: Browse, capacity: Measure, chile: State, neighbour: User
) -> None:
    report(chile, 4, title="Taller reservado", audience="members")
    report(chile, 4, title="Taller abierto")
    assert "Taller reservado" in page(browse(neighbour), "/en/measures/4/")
    visitor = page(browse(), "/en/measures/4/")
    assert "Taller reservado" not in visitor
    assert "Taller abierto" in visitor


@pytest.mark.parametrize("number", ["7", "0", "-1", "99999999999999999999", "9" * 5000, "two", "%00", "²"])
def test_a_measure_that_does_not_exist_is_not_found(
    browse: Browse, contact_measure: Measure, number: str
) -> None:
    assert browse().get(f"/en/measures/{number}/").status_code == 404


def test_more_activities_take_no_more_queries(browse: Browse, capacity: Measure, chile: State) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(browse(), "/en/measures/4/")
        return len(captured)

    for _one in range(3):
        report(chile, 4)
    few = queries()
    for _one in range(27):
        report(chile, 4)
    assert queries() == few
