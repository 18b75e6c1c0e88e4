"""Files that are wrong are refused whole, with file, row and column."""

from collections.abc import Callable

import pytest

from cbmportal.pages.reference import ReferenceDataError, load
from cbmportal.pages.reference.files import Files
from contacts.models import State

WRONG = {
    ("member_states", "joined_year"): ("long ago", "whole number"),
    ("member_states", "time_zone"): ("America/Nowhere", "time zone"),
    ("member_states", "official_languages"): ("es|xx", "xx"),
    ("member_states", "capital"): ("Bogotá\u202e", "invisible"),
    ("participation", "iso3"): ("XXX", "no such entry"),
    ("participation", "until_date"): ("1940-01-01", "end after it begins"),
    ("measures", "adopted_on"): ("2018-02-30", "not a day"),
    ("measures", "short_fr"): ("", "blank"),
    ("milestones", "date_precision"): ("roughly", "not one of"),
    ("reported_figures", "figure"): ("guesses", "not one of"),
    ("glossary", "topic"): ("cooking", "not one of"),
    ("glossary", "term_en"): ("x" * 10_000, "200"),
    ("policies", "state"): ("ARG", "no such entry"),
    ("policies", "superseded_by_key"): ("COL-99", "no such entry"),
    ("policies", "link"): ("javascript:alert(1)", "URL"),
    ("policies", "kind"): ("novel", "not one of"),
    ("policies", "source"): ("", "empty"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("cell", "wrong"), WRONG.items(), ids=[".".join(cell) for cell in WRONG])
def test_a_wrong_cell_is_named_and_nothing_is_loaded(
    small: Callable[..., Files], cell: tuple[str, str], wrong: tuple[str, str]
) -> None:
    with pytest.raises(ReferenceDataError) as error:
        load(small({cell: wrong[0]}))
    assert f"{cell[0]}.csv, row 2, column {cell[1]}: " in str(error.value)
    assert wrong[1] in str(error.value)
    assert not State.objects.exists()


@pytest.mark.django_db
def test_all_wrong_cells_are_told_at_once(small: Callable[..., Files]) -> None:
    wrong = {("member_states", "joined_year"): "long ago", ("policies", "kind"): "novel"}
    with pytest.raises(ReferenceDataError) as error:
        load(small(wrong))
    assert len(str(error.value).splitlines()) == 2


@pytest.mark.django_db
def test_a_document_cannot_precede_itself(small: Callable[..., Files]) -> None:
    with pytest.raises(ReferenceDataError, match=r"policies\.csv, row .*supersede each other"):
        load(small({("policies", "legal_status"): "superseded", ("policies", "superseded_by_key"): "COL-01"}))


@pytest.mark.django_db
def test_a_row_may_stand_only_once(small: Callable[..., Files]) -> None:
    files = small()
    lines = files["participation"].read_text().splitlines()
    files["participation"].write_text("\n".join([*lines, lines[1]]))
    with pytest.raises(ReferenceDataError, match=r"participation\.csv, row 5, .*already in row 2"):
        load(files)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"iso3\nCOL\n", b"\xff\xfe", b'"iso3'])
def test_a_file_that_is_no_such_table_is_named(small: Callable[..., Files], content: bytes) -> None:
    files = small()
    files["participation"].write_bytes(content)
    with pytest.raises(ReferenceDataError, match=r"^participation\.csv"):
        load(files)


@pytest.mark.django_db
def test_a_missing_file_is_named(small: Callable[..., Files]) -> None:
    files = small()
    files["glossary"].unlink()
    with pytest.raises(ReferenceDataError, match=r"^glossary\.csv cannot be read"):
        load(files)


@pytest.mark.django_db
def test_what_the_database_refuses_is_told_with_its_row_and_nothing_is_loaded(
    small: Callable[..., Files],
) -> None:
    files = small()
    text = files["participation"].read_text()
    files["participation"].write_text(text.replace("1948-01-01,1962-01-31", "1948-01-01,1970-01-31"))
    with pytest.raises(ReferenceDataError, match=r"participation\.csv, row 4: This state already has"):
        load(files)
    assert not State.objects.exists()
