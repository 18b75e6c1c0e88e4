"""Rows as CSV and XLSX that spreadsheets open rightly and never calculate, written one by one."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import IO, Any

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

#: Where a spreadsheet would begin a formula: at the start of a cell, and where it might begin a new one. Where
#: the comma is in numbers, as in most of the region, spreadsheets cut a line at its semicolons.
FORMULA = re.compile(r'(^|[,;\t\r\n]"*)(?=[=+\-@\t\r])')
#: With this mark in front, spreadsheets read the accents rightly.
BYTE_ORDER_MARK = "\ufeff".encode()
#: Of a column, in characters.
NARROWEST, WIDEST = 12, 40

Cell = str | int | float
Rows = Iterable[list[Cell]]


def plain(value: Any) -> Cell:
    """A value as a spreadsheet keeps it: dates in ISO form, lists with commas, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(str(plain(one)) for one in value)
    return strip_tags(value) if isinstance(value, SafeString) else str(value)


def no_formula(cell: Cell) -> Cell:
    """Text that a spreadsheet would calculate is marked as text, telephone numbers among it."""
    return FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell


def csv_lines(rows: Rows) -> Iterator[bytes]:
    line = io.StringIO()
    writer = csv.writer(line)
    yield BYTE_ORDER_MARK
    for row in rows:
        writer.writerow([no_formula(cell) for cell in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def write_xlsx(rows: Rows, file: IO[bytes]) -> None:
    book = Workbook(write_only=True)
    add_sheet(book, rows)
    book.save(file)


def add_sheet(book: Any, rows: Rows, title: str | None = None) -> Any:
    """The first row is the head. Text is marked as text by the type of its cell, so that it stays as it is."""
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        if number == 0:
            _set_widths(sheet, row)
        sheet.append([_cell(sheet, value, bold=number == 0) for value in row])
    return sheet


def _set_widths(sheet: Any, head: list[Cell]) -> None:
    """Only the head is known before the rows go by."""
    for place, name in enumerate(head, 1):
        width = min(max(len(str(name)) + 4, NARROWEST), WIDEST)
        sheet.column_dimensions[get_column_letter(place)].width = width


def _cell(sheet: Any, value: Cell, *, bold: bool) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
