"""Whatever is handed in is read as it was meant, or refused with a sentence; nothing else ever happens."""

import codecs
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from contacts.exports.spreadsheets import csv_lines
from contacts.imports import tables, workbooks
from contacts.imports.cells import cleaned, date_in
from contacts.imports.columns import COLUMNS
from contacts.imports.reading import read
from contacts.imports.tables import Cell, Table
from tests.lists import ANA, BETO, HEADINGS, cells, csv_of, with_part, xlsx_of

BOTH = cells(ANA, BETO)
SHEET = "xl/worksheets/sheet1.xml"


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(ValidationError) as refused:
        read(content, name)
    return " ".join(refused.value.messages)


def names_in(table: Table) -> list[Any]:
    return [row["full_name"].value for _number, row in table.rows]


# Text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_text_is_read_however_a_spreadsheet_writes_it(encoding: str, separator: str) -> None:
    content = csv_of(cells(ANA | {"Full name": "José Núñez; hijo, “Ñato”"}), encoding, separator)
    assert names_in(read(content, "list.csv")) == ["José Núñez; hijo, “Ñato”"]


def test_big_endian_text_with_its_mark_is_read() -> None:
    content = codecs.BOM_UTF16_BE + csv_of(BOTH, "utf-16-be", "\t")
    assert names_in(read(content, "list.txt")) == ["Ana Ejemplo", "Beto Otro"]


def test_rows_are_counted_as_the_spreadsheet_counts_them() -> None:
    lines = [["The directory, June 2026"], [], HEADINGS, *cells(ANA)[1:], [], [""] * 9, *cells(BETO)[1:]]
    for table in (read(csv_of(lines), "a.csv"), read(xlsx_of(lines), "a.xlsx")):
        assert [number for number, _row in table.rows] == [4, 7]


def test_a_line_that_tells_the_separator_is_no_row() -> None:
    assert names_in(read(b"sep=;\r\n" + csv_of(BOTH, separator=";"), "a.csv")) == ["Ana Ejemplo", "Beto Otro"]


@pytest.mark.parametrize(
    "content", [b"\x81\x8d" * 40, b"State\0Full name", "\ufeffState".encode("utf-16-le") + b"x"]
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    assert "not text" in refusal(content, "list.csv")


def test_a_mark_that_would_mislead_another_separator_does_not() -> None:
    """Cut by commas, the second row would hold a cell without end."""
    lines = [";".join(HEADINGS), 'CHL;Ana,"Ejemplo', *["CHL;Beto"] * 1000]
    assert len(read("\n".join(line.ljust(200) for line in lines).encode(), "a.csv").rows) == 1001


def test_a_cell_without_end_is_refused() -> None:
    content = csv_of(BOTH) + b'"' + b"x" * 140_000
    assert "quotation mark" in refusal(content, "list.csv")


# Headings -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [code for code, _name in settings.LANGUAGES])
def test_headings_are_known_in_each_language_whatever_case_accents_and_order(code: str) -> None:
    with override(code):
        labels = [str(column.label) for column in COLUMNS]
    shouted = ["".join(one.upper().replace("Ó", "O").replace("É", "E")) for one in labels]
    for texts in (labels, [capfirst(one) for one in labels], shouted, labels[::-1]):
        table = read(csv_of([texts, ["x"] * len(texts)]), "a.csv")
        assert table.headings.found == {column.name for column in COLUMNS}


def test_short_words_of_lists_in_use_are_known_too() -> None:
    texts = [
        "País",
        "Nombre",
        "Cargo",
        "Ministerio",
        "Correo electrónico",
        "Categoría",
        "Nota verbal",
        "Fecha",
    ]
    assert not read(csv_of([texts, ["x"] * 8]), "a.csv").headings.missing


def test_missing_and_doubled_headings_are_named() -> None:
    said = refusal(csv_of([["State", "STATE", "Full name", "Shoe size"], ["x"] * 4]), "a.csv")
    assert "missing: Official position, Institution, E-mail address, Category" in said
    assert "same column: State, STATE." in said


def test_unknown_headings_are_named_and_not_read() -> None:
    table = read(csv_of(cells(ANA | {"Shoe size": "41"}, headings=(*HEADINGS, "Shoe size"))), "a.csv")
    assert table.headings.unread == ["Shoe size"]
    assert "Shoe size" not in table.rows[0][1]


def test_without_headings_there_is_no_list() -> None:
    assert "No headings" in refusal(b"%PDF-1.7 and so on", "list.csv")
    assert "No headings" in refusal(xlsx_of([["Ana", "Chile"]]), "list.xlsx")
    assert "No headings" in refusal(b"", "list.csv")


def test_the_first_shown_sheet_with_the_headings_is_read() -> None:
    def change(sheet: Any) -> None:
        sheet.title = "Hidden"
        sheet.sheet_state = "hidden"
        for title, rows in (("Notes", [["Read me"]]), ("List", cells(BETO))):
            added = sheet.parent.create_sheet(title)
            for row in rows:
                added.append(row)

    assert names_in(read(xlsx_of(cells(ANA), change), "a.xlsx")) == ["Beto Otro"]


def test_more_rows_than_are_taken_in_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 1)
    assert "more than 1 rows" in refusal(csv_of(BOTH), "a.csv")
    assert "more than 1 rows" in refusal(xlsx_of(BOTH), "a.xlsx")
    assert len(read(csv_of(cells(ANA)), "a.csv").rows) == 1


# Files that are not what they should be ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"x" * (2 * 1024 * 1024 + 1), "a.csv", "larger than 2 MB"),
        (xlsx_of(BOTH), "a.csv", "not what its name says (.csv)"),
        (csv_of(BOTH), "a.xlsx", "not what its name says (.xlsx)"),
        (b"MZ\x90", "a.exe", "Only CSV and XLSX"),
        (xlsx_of(BOTH), "a.xlsm", "Only CSV and XLSX"),
        (csv_of(BOTH), "csv", "Only CSV and XLSX"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512, "a.xls", "old kind"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512, "a.xlsx", "old kind"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "protected by a password",
        ),
        (b"PK\x03\x04 broken", "a.xlsx", "cannot be read as an XLSX workbook"),
        (xlsx_of(BOTH)[:-200], "a.xlsx", "cannot be read as an XLSX workbook"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_the_reason(content: bytes, name: str, says: str) -> None:
    assert says in refusal(content, name)


def zip_of(entries: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, part in entries.items():
            parts.writestr(name, part)
    return content.getvalue()


def never(*given: Any, **named: Any) -> Any:
    raise AssertionError("was unpacked")


@pytest.mark.parametrize(
    "make",
    [
        lambda: with_part(xlsx_of(BOTH), SHEET, b"\0" * (workbooks.MOST_UNPACKED + 1)),
        lambda: zip_of({f"xl/{number}.xml": b"" for number in range(workbooks.MOST_ENTRIES + 1)}),
    ],
    ids=["large", "many"],
)
def test_a_bomb_is_refused_before_it_is_unpacked(
    make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = make()
    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    assert len(bomb) < 200_000
    assert "far larger unpacked" in refusal(bomb, "a.xlsx")


def test_a_workbook_packed_as_no_spreadsheet_packs_is_refused() -> None:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_of(BOTH))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_LZMA) as new,
    ):
        for entry in old.namelist():
            new.writestr(entry, old.read(entry))
    assert "cannot be read" in refusal(content.getvalue(), "a.xlsx")


def test_a_part_that_is_larger_than_it_says_is_refused() -> None:
    bomb = bytearray(with_part(xlsx_of(BOTH), SHEET, b"<x/>" + b" " * 15_000_000))
    size = (15_000_004).to_bytes(4, "little")
    assert bomb.count(size)
    lying = bytes(bomb).replace(size, (400).to_bytes(4, "little"))
    assert "cannot be read" in refusal(lying, "a.xlsx")


BILLION = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
BARE = b"<!DOCTYPE x><x/>"


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", SHEET, "xl/workbook.xml", "[Content_Types].xml", "a.bin"]
)
@pytest.mark.parametrize("declared", [BILLION, EXTERNAL, BARE, EXTERNAL.decode().encode("utf-16")])
def test_entities_are_refused_in_whatever_part(part: str, declared: bytes) -> None:
    assert "document type declaration" in refusal(with_part(xlsx_of(BOTH), part, declared), "a.xlsx")


def test_a_row_far_below_all_is_not_waited_for() -> None:
    def far(sheet: bytes) -> bytes:
        return sheet.replace(
            b"</sheetData>", b'<row r="99999999999"><c r="A99"><v>1</v></c></row></sheetData>'
        )

    assert "cannot be read" in refusal(with_part(xlsx_of(BOTH), SHEET, far), "a.xlsx")


def test_a_sheet_that_lies_about_its_size_is_read_to_its_end() -> None:
    def small(sheet: bytes) -> bytes:
        return sheet.replace(b'ref="A1:I3"', b'ref="A1:A1"')

    assert len(read(with_part(xlsx_of(BOTH), SHEET, small), "a.xlsx").rows) == 2


def test_pictures_and_other_parts_are_no_hindrance() -> None:
    workbook = with_part(xlsx_of(BOTH), "xl/media/image1.png", b"\x89PNG\r\n\x1a\n\0\0")
    assert len(read(workbook, "a.xlsx").rows) == 2


WORKBOOK = xlsx_of(BOTH)


@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.tsv", "a.xlsx", "a", "a.xls", "a.b/c.csv"]))
def test_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    for one in (content, b"PK" + content, csv_of(BOTH) + content):
        _read_or_refuse(one, name)


@given(st.text(max_size=400))
def test_text_is_read_or_refused(text: str) -> None:
    content = text.encode("utf-8", "surrogatepass")
    _read_or_refuse(content, "a.csv")
    _read_or_refuse(csv_of(BOTH) + content, "a.csv")


@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_or_refused(place: int, damage: bytes) -> None:
    _read_or_refuse(WORKBOOK[:place] + damage + WORKBOOK[place + len(damage) :], "a.xlsx")


@given(
    st.sampled_from(
        [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]
    ),
    st.data(),
)
def test_a_workbook_with_a_damaged_part_is_read_or_refused(part: str, data: Any) -> None:
    def damage(content: bytes) -> bytes:
        place = data.draw(st.integers(0, len(content) - 1))
        return content[:place] + data.draw(st.binary(min_size=1, max_size=6)) + content[place + 3 :]

    _read_or_refuse(with_part(WORKBOOK, part, damage), "a.xlsx")


def _read_or_refuse(content: bytes, name: str) -> None:
    """Any other exception fails the test."""
    with suppress(ValidationError):
        assert read(content, name).headings.found


# Cells ----------------------------------------------------------------------------------------------------


def cell_of(workbook: bytes, name: str) -> Cell:
    ((_number, row),) = read(workbook, "a.xlsx").rows
    return row[name]


@pytest.mark.parametrize(
    ("formula", "change"),
    [
        ('="Ana"', None),
        (None, lambda sheet: setattr(sheet["B2"], "value", "=HYPERLINK(A1)")),
    ],
)
def test_a_formula_is_named_by_its_cell(formula: str | None, change: Callable[[Any], Any] | None) -> None:
    workbook = xlsx_of(
        cells(ANA | ({"Full name": formula} if formula else {})), change or (lambda sheet: None)
    )
    assert cell_of(workbook, "full_name").trouble.startswith("B2 holds a formula.")


def test_an_error_is_named_by_its_cell() -> None:
    workbook = xlsx_of(cells(ANA), lambda sheet: setattr(sheet["C2"], "value", "#N/A"))
    assert cell_of(workbook, "position").trouble == "C2 holds an error (#N/A)."


def test_merged_cells_are_named_where_the_list_is_read() -> None:
    def merge(sheet: Any) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "The directory"
        sheet.merge_cells("A1:I1")
        sheet.merge_cells("A3:A4")
        sheet.merge_cells("L3:M4")

    table = read(xlsx_of(BOTH, merge), "a.xlsx")
    assert [(one.place, one.says) for one in table.problems] == [
        ("Row 3", "A3:A4 are merged cells. Separate them, and fill in each.")
    ]


def test_numbers_and_dates_in_cells_are_what_the_spreadsheet_shows() -> None:
    given = {
        "Full name": 7,
        "Telephone": 56221230001.0,
        "Date of the note verbale": datetime(2026, 1, 15, 0, 0),
    }
    workbook = xlsx_of(cells(ANA | given))
    assert cell_of(workbook, "full_name").value == "7"
    assert cell_of(workbook, "phone").value == "56221230001"
    assert cell_of(workbook, "note_date").value == date(2026, 1, 15)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2018-06-14", date(2018, 6, 14)),
        ("2018-06-14 00:00:00", date(2018, 6, 14)),
        ("14/06/2018", date(2018, 6, 14)),
        ("06/14/2018", date(2018, 6, 14)),
        ("14.06.2018", date(2018, 6, 14)),
        ("'14.6.2018 ", date(2018, 6, 14)),
        ("05/05/2025", date(2025, 5, 5)),
        ("", None),
    ],
)
def test_dates_typed_as_text_are_read_if_they_mean_one_day(written: str, read_as: date | None) -> None:
    assert date_in(Cell(written)) == read_as


@pytest.mark.parametrize(
    "written", ["14 June 2018", "14/06/18", "31/02/2018", "2018-13-01", "43265", "14/06.2018"]
)
def test_other_texts_are_no_dates(written: str) -> None:
    with pytest.raises(ValidationError, match=r"is not read as a date\. Write it like"):
        date_in(Cell(written))


def test_a_date_that_means_two_days_asks_which() -> None:
    with pytest.raises(ValidationError, match=r"two ways\. Write 2025-04-03 or 2025-03-04"):
        date_in(Cell("03/04/2025"))


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("  Ana \u00a0 Ejemplo\t", "Ana Ejemplo"),
        ("'+56 2 2123 0001", "+56 2 2123 0001"),
        ("'007", "007"),
        ("'t Hart", "'t Hart"),
        ("A\u0301na", "Ána"),
        ("\x1fAna", "\x1fAna"),
    ],
)
def test_what_spreadsheets_do_to_texts_is_undone(written: str, read_as: str) -> None:
    assert cleaned(written) == read_as


@given(st.text(alphabet=" =+-@,;\"'aé0", max_size=20))
def test_what_the_portal_exports_it_reads_again(text: str) -> None:
    content = b"".join(csv_lines([list(HEADINGS), *cells(ANA | {"Official position": text})[1:]]))
    ((_number, row),) = read(content, "a.csv").rows
    if not text.lstrip().startswith("'"):
        assert cleaned(str(row["position"].value)) == cleaned(text)
