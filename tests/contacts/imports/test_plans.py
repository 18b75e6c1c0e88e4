"""What an import would do is shown row by row, and every problem by row and column."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from contacts.access import portal
from contacts.imports.plans import Plan, plan_of
from contacts.imports.reading import read
from contacts.models import PointOfContact, State
from contacts.services import add_institution, end_contact
from tests.lists import ANA, BETO, cells, csv_of, xlsx_of

TODAY = date(2026, 6, 1)


def plan(*rows: dict[str, Any], xlsx: bool = False) -> Plan:
    content = xlsx_of(cells(*rows)) if xlsx else csv_of(cells(*rows))
    return plan_of(read(content, "a.xlsx" if xlsx else "a.csv"), portal(), TODAY)


def fates(found: Plan) -> list[str]:
    return [one.fate.value for one in found.rows]


def said(found: Plan) -> list[str]:
    return [f"{problem.place}: {problem.says}" for problem in found.problems]


def changes(found: Plan) -> list[tuple[str, str, str]]:
    return [(one.field, one.before, one.after) for row in found.rows for one in row.differences]


@pytest.fixture
def had(make_contact: Callable[..., PointOfContact]) -> PointOfContact:
    """Ana, as the first row of the lists has her."""
    return make_contact(note_date=date(2026, 1, 15))


def test_a_row_is_new_changed_or_unchanged(had: PointOfContact) -> None:
    found = plan(ANA, BETO)
    assert fates(found) == ["unchanged", "new"]
    found = plan(ANA | {"Official position": "Director", "Telephone": "2 2123 0001"})
    assert fates(found) == ["changed"]
    assert changes(found) == [
        ("position", "Head of unit", "Director"),
        ("phone", "", "+56 2 2123 0001"),
    ]


@pytest.mark.parametrize("state", ["Chile", "CHILI", "chl", "CL", "chile "])
@pytest.mark.parametrize(
    "category", ["Cyber policy", "cyber_policy", "Política cibernética", "politique de CYBERSECURITE"]
)
def test_states_and_categories_are_known_by_any_of_their_names(
    had: PointOfContact, state: str, category: str
) -> None:
    assert fates(plan(ANA | {"State": state, "Category": category})) == ["unchanged"]


def test_a_contact_is_found_by_name_whatever_accents_or_by_address(had: PointOfContact) -> None:
    found = plan(ANA | {"Full name": "ANA  ÉJEMPLO", "E-mail address": "new@example.org"})
    assert found.rows[0].contact == had
    assert changes(found) == [
        ("full_name", "Ana Ejemplo", "ANA ÉJEMPLO"),
        ("email", "ana.ejemplo@example.org", "new@example.org"),
    ]
    assert not found.rows[0].notes
    found = plan(ANA | {"Full name": "Ana María Ejemplo", "E-mail address": "ANA.ejemplo@example.org"})
    assert found.rows[0].contact == had
    assert [one[0] for one in changes(found)] == ["full_name"]
    assert found.rows[0].notes[0].startswith("Another name.")


def test_it_is_looked_for_in_its_state_and_category_and_in_office(
    had: PointOfContact, colombia: State
) -> None:
    assert fates(plan(ANA | {"Category": "Foreign affairs"})) == ["new"]
    assert fates(plan(ANA | {"State": "Colombia"})) == ["new"]
    end_contact(contact=had, on=had.designated_on, by=portal(), reason="left")
    assert fates(plan(ANA)) == ["new"]


def test_who_shares_a_mailbox_is_found_again(make_contact: Callable[..., PointOfContact]) -> None:
    shared = {"E-mail address": "office@example.org"}
    ana = make_contact(email="office@example.org", note_date=date(2026, 1, 15))
    assert fates(plan(ANA | shared, BETO | shared)) == ["unchanged", "new"]
    beto = make_contact(
        full_name="Beto Otro", email="office@example.org", note_reference="NV 2/2026", note_date=date(2026, 1, 15),
        phone="+56221230002",
    )  # fmt: skip
    found = plan(BETO | shared, ANA | shared)
    assert [one.contact for one in found.rows] == [beto, ana]
    assert fates(found) == ["unchanged", "unchanged"]
    assert found.rows[1].notes == ["Row 2 has the same e-mail address."]


def test_of_two_of_one_name_the_one_with_the_address_is_meant(
    make_contact: Callable[..., PointOfContact],
) -> None:
    first, second = (make_contact(email=f"ana{n}@example.org") for n in range(2))
    found = plan(ANA | {"E-mail address": "ana1@example.org"})
    assert found.rows[0].contact == second
    assert found.absent == [first]


def test_who_cannot_be_told_apart_is_a_problem(make_contact: Callable[..., PointOfContact]) -> None:
    for _n in range(2):
        make_contact(email="office@example.org")
    assert said(plan(ANA)) == [
        "Row 2: The portal has several entries that this row can mean. Correct them there, one by one."
    ]


def test_two_rows_about_one_entry_are_a_problem(had: PointOfContact) -> None:
    found = plan(ANA | {"Full name": "Carla"}, ANA | {"Full name": "Diana"})
    assert said(found) == [
        "Row 3: The portal has one entry for this row and row 2, and cannot tell which is meant."
    ]


def test_an_official_who_stands_in_the_list_twice_is_named(chile: State) -> None:
    found = plan(ANA, BETO, ANA | {"Full name": "ana ejemplo", "E-mail address": "a@example.org"})
    assert said(found) == [
        "Row 4: The same official as in row 2: same state, category and name. Leave one of them."
    ]


def test_what_a_row_leaves_empty_stays_as_it_is(make_contact: Callable[..., PointOfContact]) -> None:
    make_contact(note_date=date(2026, 1, 15), phone="+56221230001")
    nothing = {"Telephone": "", "Reference of the note verbale": "", "Date of the note verbale": ""}
    assert fates(plan(ANA | nothing)) == ["unchanged"]


def test_a_new_contact_needs_its_note(chile: State) -> None:
    found = plan(ANA | {"Reference of the note verbale": "", "Date of the note verbale": ""})
    needs = "This cell is empty. A contact that is new in the portal needs it."
    assert said(found) == [
        f"Row 2, column “Reference of the note verbale”: {needs}",
        f"Row 2, column “Date of the note verbale”: {needs}",
    ]


def test_an_institution_is_found_by_its_folded_name_in_its_state(
    had: PointOfContact, colombia: State
) -> None:
    add_institution(state=colombia, name="Cancillería", by=portal(), reason="test")
    found = plan(
        ANA | {"Institution": "MINISTRY of  Tésts"},
        BETO | {"Institution": "Cancillería"},
        BETO | {"Institution": "cancilleria", "Full name": "Carla", "E-mail address": "c@example.org"},
    )
    assert fates(found) == ["unchanged", "new", "new"]
    assert [one.adds_institution for one in found.rows] == [False, True, True]
    assert found.institutions_to_add == 1


def test_every_problem_is_told_by_row_and_column(chile: State) -> None:
    wrong = {
        "Full name": "Ana\u202eEjemplo",
        "Official position": "x" * 201,
        "E-mail address": "ana at example",
        "Category": "Plumbing",
        "Date of the note verbale": "03/04/2025",
        "Telephone": "call me",
        "Institution": "",
    }
    found = plan(ANA, BETO | wrong)
    assert [problem.place for problem in found.problems] == [
        f"Row 3, column “{name}”"
        for name in (
            *("Full name", "Official position", "Institution", "E-mail address", "Category"),
            *("Date of the note verbale", "Telephone"),
        )
    ]
    assert "invisible control or direction characters" in found.problems[0].says
    assert "200 characters" in found.problems[1].says
    assert found.problems[2].says == "This cell is empty."
    assert "Write “Cyber policy” or “Foreign affairs”." in found.problems[4].says
    assert not found.may_go


def test_without_its_state_a_telephone_is_not_judged(chile: State) -> None:
    assert said(plan(BETO | {"State": "Atlantis"})) == [
        "Row 2, column “State”: “Atlantis” is no state that the portal knows. Write its name or its ISO code."
    ]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("Full name", "Ana\x07", "control"),
        ("Full name", "Ana\nBeto", "on one line"),
        ("Date of the note verbale", "2026-06-02", "lies in the future"),
        ("Institution", "x" * 301, "300 characters"),
        ("Reference of the note verbale", "x" * 101, "100 characters"),
    ],
)
def test_a_cell_that_cannot_be_taken_says_why(chile: State, name: str, value: str, says: str) -> None:
    (problem,) = plan(ANA | {name: value}).problems
    assert problem.place == f"Row 2, column “{name}”"
    assert says in problem.says


def test_a_date_in_a_cell_of_text_is_a_problem(chile: State) -> None:
    (problem,) = plan(ANA | {"Reference of the note verbale": date(2026, 1, 1)}, xlsx=True).problems
    assert "made a date of this" in problem.says


def test_problems_are_told_in_the_officers_language_and_the_files_words(chile: State) -> None:
    with override("es"):
        (problem,) = plan(ANA | {"E-mail address": "ana"}).problems
    assert "E-mail address" in problem.column
    assert "válida" in problem.says


def test_who_is_not_in_the_list_is_named_and_stays(had: PointOfContact) -> None:
    found = plan(BETO)
    assert found.absent == [had]
    assert "Ana" not in str(changes(found))


def test_a_long_list_asks_no_more_than_a_short_one(had: PointOfContact) -> None:
    def asked(count: int) -> int:
        rows = [
            BETO | {"Full name": f"Official {n}", "E-mail address": f"o{n}@example.org"} for n in range(count)
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            plan(ANA | {"Institution": "Other"}, *rows)
        return len(queries)

    assert asked(1) == asked(30) == 3
