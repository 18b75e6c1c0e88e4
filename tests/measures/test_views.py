"""The measures and the page of one, as visitors and members read them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cbmportal.accounts.models import User
from contacts.access import portal
from contacts.models import PointOfContact, State
from contacts.services import curate
from measures.models import Measure, MeasureText, ReportedFigure
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


def test_who_proposed_a_measure_is_read_aloud_in_spanish_as_it_is_written(browse: Browse, db: None) -> None:
    fields = {"evidence": "policies", "adopted_on": date(2018, 6, 5), "proposing_body": "Grupo de Trabajo"}
    curate(Measure(number=1, **fields), by=portal(), reason="test")
    assert '<dd lang="es">Grupo de Trabajo</dd>' in page(browse(), "/fr/measures/1/")


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


# Implementation --------------------------------------------------------------------------------------------


@pytest.fixture
def taking_part(contact_measure: Measure, capacity: Measure, chile: State, colombia: State) -> None:
    for state in (chile, colombia):
        participate(state, since=date(1948, 1, 1))


def test_the_implementation_page_answers_how_far(
    browse: Browse, taking_part: None, chile: State, colombia: State, ana: PointOfContact
) -> None:
    report(chile, 4)
    html = page(browse(), "/en/implementation/")
    assert "1 of 2 participating states implement each measure</h1>" in html
    report(colombia, 4)
    report(colombia, 4)
    html = page(browse(), "/en/implementation/")
    assert "Between 1 and 2 of 2 participating states implement each measure</h1>" in html
    assert re.findall(r"<td>([^<]+)</td>", html) == ["1 of 2", "2 of 2"]
    assert re.findall(r'<rect class="chart-bar"[^>]*width="([^"]+)"', html) == ["38.00%", "76.00%"]
    assert "1 active cyber-policy contact" in html
    assert "3 reported activities" in html


def test_the_picture_has_a_title_a_description_and_a_table(browse: Browse, taking_part: None) -> None:
    html = page(browse(), "/fr/implementation/")
    assert '<svg role="img" aria-labelledby="measures-title measures-description"' in html
    assert '<title id="measures-title">' in html
    assert '<desc id="measures-description">' in html
    assert html.count('<th scope="row">') == 2


def test_the_implementation_page_names_states_with_contacts_to_members_only(
    browse: Browse, taking_part: None, ana: PointOfContact, neighbour: User, former: User
) -> None:
    link = 'href="/en/states/CHL/"'
    for path in ("/en/implementation/", f"/en/implementation/?as_of={datetime.now(UTC).date()}"):
        assert link in page(browse(neighbour), path)
        for outsider in (None, former):
            html = page(browse(outsider), path)
            assert link not in html
            assert "1 of 2" in html


def test_figures_reported_before_the_portal_stand_apart(browse: Browse, taking_part: None) -> None:
    for kind, value in (("states_with_policies", 12), ("survey_responses", 91)):
        figure = ReportedFigure(date=date(2019, 4, 24), figure=kind, value=value, source="Second meeting")
        curate(figure, by=portal(), reason="test")
    html = page(browse(), "/en/implementation/?as_of=2019-04-24")
    assert "The portal had recorded nothing by then" in html
    assert re.findall(r"<td>([^<]+)</td>", html) == ["12", "91"]
    assert re.findall(r'<rect class="chart-bar"[^>]*width="([^"]+)"', html) == ["76.00%"]
    assert "States that shared policies, 2019" in html
    assert '<span lang="en">Second meeting' in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    ["tomorrow", "2026-02-30", "9999-12-31", "0000-00-00", "\0", "9" * 10_000, "2026-06-01T00:00", "' --"],
)
def test_a_day_that_is_none_is_refused_by_name(browse: Browse, asked: str) -> None:
    response = browse().get("/en/implementation/", {"as_of": asked})
    assert response.status_code == 400
    html = response.content.decode()
    assert "“as_of”" in html
    assert "Correct the day to see the figures." in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/en/implementation/", "/en/implementation/?as_of=", "/en/implementation/?x=1"]
)
def test_the_implementation_page_stands_before_anything_is_entered(browse: Browse, path: str) -> None:
    assert "The measures have not been entered yet." in page(browse(), path)


@pytest.mark.parametrize("query", ["", f"?as_of={datetime.now(UTC).date()}"])
def test_implementation_takes_at_most_twelve_queries_for_everybody(
    browse: Browse, taking_part: None, ana: PointOfContact, neighbour: User, officer: User, query: str
) -> None:
    def queries(person: User | None) -> int:
        client = browse(person)
        with CaptureQueriesContext(connection) as captured:
            page(client, f"/en/implementation/{query}")
        return len(captured)

    few = queries(neighbour)
    for number in range(30):
        report(ana.state, 4, title=f"Taller {number}")
    assert queries(neighbour) == few <= 12
    assert queries(None) <= 8
    assert queries(officer) <= 12


def test_states_that_only_members_know_are_counted_and_told_as_such(
    browse: Browse, capacity: Measure, chile: State, neighbour: User
) -> None:
    participate(chile, since=date(1948, 1, 1))
    report(chile, 4, audience="members")
    told = "The others have shared their activities with members only."
    assert [told in page(browse(person), "/en/measures/4/") for person in (None, neighbour)] == [True, False]
