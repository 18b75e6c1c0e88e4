"""What has happened, year by year, as visitors read it."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cbmportal.accounts.models import User
from contacts.access import VISITOR, portal, viewer_of
from contacts.models import State
from contacts.services import curate
from measures.models import Measure, Milestone, ReportedFigure
from measures.timeline import Year, years
from policies.services import draft_policy
from tests.measures.test_views import page
from tests.policies.test_services import CONTENT
from tests.policies.test_views import receive

Browse = Callable[..., Client]


def step(day: str, title: str = "Step", **fields: str) -> Milestone:
    titles = {f"title_{code}": f"{title} {code}" for code in ("en", "es", "pt", "fr")}
    return curate(Milestone(date=day, **titles, **fields), by=portal(), reason="test")


def measure(number: int, **fields: str) -> Measure:
    made = Measure(number=number, evidence="activities", adopted_on=date(2018, 6, 5), **fields)
    return curate(made, by=portal(), reason="test")


def titles(found: list[Year]) -> list[tuple[str, list[str]]]:
    return [(year.name, [str(one) for one, _measures in year.steps]) for year in found]


@pytest.mark.django_db
def test_the_newest_comes_first_in_the_years_and_in_each() -> None:
    for day in ("1991", "2018-06-14", "2018", "2018-02-28"):
        step(day, day)
    assert titles(years(VISITOR)) == [
        ("2018", ["2018-06-14 en", "2018-02-28 en", "2018 en"]),
        ("1991", ["1991 en"]),
    ]


@pytest.mark.django_db
def test_a_step_leads_to_the_measures_that_its_resolution_adopted() -> None:
    measure(1, adopting_resolution="AG/RES. 2925 (XLVIII-O/18), párr. 78", cicte_resolution="CICTE/RES.1/18")
    measure(3, adopting_resolution="AG/RES. 2945 (XLIX-O/19); AG/RES. 2930 (XLIX-O/19)")
    step("2018-05-03", reference="CICTE/RES. 1/18")
    step("2018-06-05", reference="AG/RES. 2925 (XLVIII-O/18)")
    step("2019-06-27", reference="AG/RES. 2930 (XLIX-O/19); AG/RES. 2945 (XLIX-O/19)")
    step("2020", reference="AG/RES. 2950 (L-O/20)")
    step("2021")
    linked = [[one.number for one in found] for year in years(VISITOR) for _step, found in year.steps]
    assert linked == [[], [], [3], [1], [1]]


def test_a_year_says_how_many_documents_of_it_the_reader_may_see(
    chile: State, delegate: User, settings: Any
) -> None:
    settings.PORTAL_DEMO = False
    receive(chile, date="2018-06")
    receive(chile, date="2018")
    receive(chile, date="", date_kind="")
    draft_policy(state=chile, by=viewer_of(delegate), **{**CONTENT, "date": "2018"})
    assert [(year.name, year.documents) for year in years(VISITOR)] == [("2018", 2)]
    assert [(year.name, year.documents) for year in years(viewer_of(delegate))] == [("2018", 3)]


@pytest.mark.django_db
def test_a_note_in_another_language_says_which_it_is(browse: Browse) -> None:
    step("2018", note_en="Only in English", note_pt="Also in Portuguese")
    step("2019", note_fr="En français")
    html = page(browse(), "/es/timeline/")
    assert '<div class="text" lang="en"><p>Only in English' in html
    assert '<div class="text" lang="fr"><p>En français' in html
    assert '<div class="text" lang="pt"><p>Also in Portuguese' in page(browse(), "/pt/timeline/")


@pytest.mark.django_db
def test_a_year_can_be_linked_to_and_tells_what_was_reported(browse: Browse) -> None:
    step("2018-02-28", end_date="2018-03-01")
    figure = ReportedFigure(date=date(2019, 4, 24), figure="states_with_policies", value=12, source="Meeting")
    curate(figure, by=portal(), reason="test")
    html = page(browse(), "/en/timeline/")
    assert (
        re.findall(r'<li><a href="#(\d+)">', html) == re.findall(r'<h2 id="(\d+)">', html) == ["2019", "2018"]
    )
    assert "28 February 2018 to 1 March 2018" in html
    assert 'States that shared policies: 12 <span class="quiet">(<span lang="en">Meeting' in html
    assert "since 2018</h1>" in html


@pytest.mark.django_db
def test_an_empty_timeline_says_what_would_be_here(browse: Browse) -> None:
    assert "shown here once the Secretariat has entered them" in page(browse(), "/en/timeline/")


def test_more_steps_take_no_more_queries(browse: Browse, chile: State) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(browse(), "/en/timeline/")
        return len(captured)

    for number in range(3):
        step(str(1990 + number))
    few = queries()
    for number in range(3, 30):
        step(str(1990 + number), reference="AG/RES. 1")
        receive(chile, date=str(1990 + number))
    measure(1, adopting_resolution="AG/RES. 1")
    assert queries() == few == 4
