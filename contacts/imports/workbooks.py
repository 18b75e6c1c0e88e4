"""Lists as XLSX. A workbook is a zip of XML: what it would do to its reader is looked at before it is opened."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from contacts.imports.tables import NOTHING, Cell, Merged, Rows, Sheet

MOST_ENTRIES = 500
#: Bytes, once unpacked: several times what a list of 5,000 rows takes.
MOST_UNPACKED = 20 * 1024 * 1024
#: Columns beyond are not looked for headings.
WIDEST = 100
LAST_ROW = 1_048_576
PACKED_BY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1


class Declared(Exception):
    """The XML declares a document type, by which entities could be made or fetched."""


def not_a_workbook() -> ValidationError:
    says = _(
        "This file cannot be read as an XLSX workbook. Open it in a spreadsheet and save it again as XLSX."
    )
    return ValidationError(says, code="not_a_workbook")


def sheets_of_workbook(content: bytes) -> Iterator[Sheet]:
    """The sheets that are shown. Whatever a broken workbook makes openpyxl raise, it cannot be read."""
    try:
        merged = _looked_through(content)
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                yield Sheet(partial(_rows, sheet), tuple(merged.get(sheet._worksheet_path, ())))
    except ValidationError:
        raise
    except Exception as error:
        raise not_a_workbook() from error


# Before it is opened ------------------------------------------------------------------------------------------


def _looked_through(content: bytes) -> dict[str, list[Merged]]:
    """The merged cells by the part in which they stand; ValidationError if the workbook is better left closed."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        entries = parts.infolist()
        if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
            raise ValidationError(
                _("This workbook is far larger unpacked than a list of contacts can be. It was not opened."),
                code="too_large_unpacked",
            )
        if any(one.compress_type not in PACKED_BY or one.flag_bits & ENCRYPTED for one in entries):
            raise not_a_workbook()
        return {one.filename: list(_merged(parts.read(one))) for one in entries}


def _merged(part: bytes) -> Iterator[Merged]:
    """Read by the parser that openpyxl uses, so that both see the same. What is no XML, such as a picture, passes."""
    found: list[str] = []

    def begins(tag: str, given: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "mergeCell":
            found.append(given["ref"])

    parser = expat.ParserCreate()
    # openpyxl refuses entities only where defusedxml is installed, and other declarations nowhere.
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = begins
    try:
        parser.Parse(part, True)
    except expat.ExpatError:
        return
    except Declared as error:
        says = _("This workbook contains a document type declaration, which no spreadsheet writes.")
        raise ValidationError(says, code="declares_entities") from error
    for name in found:
        first_column, first_row, last_column, last_row = range_boundaries(name)
        yield Merged(name, first_column, first_row, last_column, last_row)


def _refuse(*declaration: Any) -> None:
    raise Declared


# Its cells ----------------------------------------------------------------------------------------------------


def _rows(sheet: Any) -> Rows:
    try:
        # What a sheet says of its own size is not always true.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=WIDEST), 1):
            if number > LAST_ROW:
                raise not_a_workbook()
            if any(cell.value is not None for cell in row):
                yield number, [_cell(cell, number, place) for place, cell in enumerate(row, 1)]
    except ValidationError:
        raise
    except Exception as error:
        raise not_a_workbook() from error


def _cell(cell: Any, row: int, column: int) -> Cell:
    value, kind = cell.value, cell.data_type
    if value is None:
        return NOTHING
    if kind == "f":
        says = _("%(cell)s holds a formula. Put its value there: copy the cell and paste it as a value.")
        return Cell(trouble=says % {"cell": f"{get_column_letter(column)}{row}"})
    if kind == "e":
        says = _("%(cell)s holds an error (%(error)s).")
        return Cell(trouble=says % {"cell": f"{get_column_letter(column)}{row}", "error": value})
    if isinstance(value, datetime):
        return Cell(value.date())
    if isinstance(value, float) and value.is_integer():
        return Cell(str(int(value)))
    return Cell(value if isinstance(value, date) else str(value))
