"""What the files say is what is loaded: every row, every cell, and no more than is known."""

import csv
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction

from cbmportal.pages.reference import FILES, load
from contacts.models import Participation, State
from measures.models import Measure, MeasureText, Milestone, ReportedFigure
from policies.models import GlossaryTerm, PolicySubmission, PolicyTranslation

ALL = (State, Participation, Measure, MeasureText, Milestone, ReportedFigure, GlossaryTerm)
ALL += (PolicySubmission, PolicyTranslation)


@pytest.fixture(scope="module")
def loaded_once(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Everything, loaded once for this file: it takes seconds, and the tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(loaded_once: None, db: None) -> None:
    """Everything in the files."""


def cells(name: str) -> list[dict[str, str]]:
    with FILES[name].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_of_every_file_becomes_a_record(loaded: None) -> None:
    assert {kind: kind.objects.count() for kind in ALL} == {
        State: 35,
        Participation: 39,
        Measure: 6,
        MeasureText: 24,
        Milestone: 24,
        ReportedFigure: 8,
        GlossaryTerm: 140,
        PolicySubmission: 107,
        PolicyTranslation: 77,
    }


def test_no_text_of_a_policy_is_lost(loaded: None) -> None:
    for row in cells("policies"):
        policy = PolicySubmission.objects.get(source_key=row["key"])
        english = policy.translations.filter(language="en").first() or policy
        assert (policy.title, policy.description) == (row["title"], row["description"])
        assert (english.title, english.description) == (row["title_en"], row["description_en"])
        assert "; ".join(policy.responsible_institutions) == row["institutions"]
        assert (policy.link, policy.notes) == (row["link"], row["notes"])
        assert row["source"] in (policy.citation, policy.link)


def test_policies_are_marked_as_compiled_and_how_sure_they_are(loaded: None) -> None:
    assert set(PolicySubmission.objects.values_list("provenance", "status", "submitted_by")) == {
        ("compiled", "compiled", None)
    }
    inferred = {row["key"] for row in cells("policies") if row["legal_status_basis"] == "inferred"}
    assert (
        set(PolicySubmission.objects.filter(legal_status_inferred=True).values_list("source_key", flat=True))
        == inferred
    )


def test_dates_say_no_more_than_is_known(loaded: None) -> None:
    for row in cells("policies"):
        length = {"": 0, "year": 4, "month": 7, "day": 10}[row["date_precision"]]
        policy = PolicySubmission.objects.get(source_key=row["key"])
        assert policy.date == row["date"][:length]
        assert policy.in_force_from == (policy.date if row["date_kind"] == "entry into force" else "")
    assert list(Milestone.objects.values_list("date", "end_date")[:3]) == [
        ("1991", ""),
        ("1993", ""),
        ("1994-03", ""),
    ]
    assert Milestone.objects.get(title_en__startswith="Draft work plan").end_date == "2018-12"


def test_successors_are_linked_and_a_superseded_document_may_have_none(loaded: None) -> None:
    said = {row["key"]: row["superseded_by_key"] or None for row in cells("policies")}
    assert dict(PolicySubmission.objects.values_list("source_key", "superseded_by__source_key")) == said
    assert PolicySubmission.objects.get(source_key="CAN-03").legal_status == "superseded"


def test_translations_are_official_only_where_the_file_says_so(loaded: None) -> None:
    official = {
        row["key"]
        for row in cells("policies")
        if row["title_en_is"] == "official" and row["language"] != "en"
    }
    found = PolicyTranslation.objects.filter(standing="official").values_list("policy__source_key", flat=True)
    assert set(found) == official


def test_each_measure_has_four_texts_of_which_the_spanish_is_official(loaded: None) -> None:
    assert list(Measure.objects.values_list("number", "evidence")) == [
        (1, "policies"),
        (2, "cyber_policy"),
        (3, "foreign_affairs"),
        (4, "activities"),
        (5, "activities"),
        (6, "activities"),
    ]
    assert Counter(MeasureText.objects.values_list("language", "status", "edition")) == {
        ("es", "official", 1): 6,
        ("en", "translation", 1): 6,
        ("pt", "translation", 1): 6,
        ("fr", "translation", 1): 6,
    }


def test_synonyms_are_lists(loaded: None) -> None:
    term = GlossaryTerm.objects.get(key="cybersecurity")
    assert term.synonyms_es == [
        "seguridad cibernética",
        "seguridad digital",
        "seguridad de las TIC",
        "seguridad en el ciberespacio",
    ]


def test_the_history_names_the_loader(loaded: None) -> None:
    assert {
        (event.pgh_label, event.pgh_context["via"])
        for kind in ALL
        for event in kind.events.rel.related_model.objects.all()
    } == {("insert", "reference")}


def test_outside_names_are_the_same_at_every_load(loaded: None) -> None:
    assert str(State.objects.get(iso3="COL").uuid) == "dee7a2df-4003-5ef1-a6bc-7da26658144e"
