"""The blank list, in the reader's language: headings, and as XLSX a second sheet with what belongs below them."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles.numbers import FORMAT_TEXT
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from cbmportal.language import alphabetical
from contacts.exports.spreadsheets import Cell, add_sheet, csv_lines
from contacts.imports.columns import COLUMNS
from contacts.imports.tables import MOST_ROWS
from contacts.models import Category, State

#: Everything else is kept as it is typed: of references and telephones a spreadsheet would make dates and numbers.
NO_TEXT = ("note_date",)


def headings() -> list[Cell]:
    return [capfirst(str(column.label)) for column in COLUMNS]


def blank_csv(states: Iterable[State]) -> bytes:
    return b"".join(csv_lines([headings()]))


def blank_xlsx(states: Iterable[State]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    sheet = add_sheet(book, [headings()], _("Directory"))
    for place, column in enumerate(COLUMNS, 1):
        if column.name not in NO_TEXT:
            sheet.column_dimensions[get_column_letter(place)].number_format = FORMAT_TEXT
    _choose(sheet, "category", [str(one.label) for one in Category])
    add_sheet(book, _explained(states), _("What belongs where"))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _choose(sheet: Any, name: str, choices: list[str]) -> None:
    letter = get_column_letter([column.name for column in COLUMNS].index(name) + 1)
    closed = DataValidation("list", formula1='"' + ",".join(choices) + '"', allow_blank=True)
    closed.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
    sheet.data_validations.append(closed)


def _explained(states: Iterable[State]) -> Iterator[list[Cell]]:
    yield [_("Column"), _("What belongs in it")]
    for column in COLUMNS:
        yield [capfirst(str(column.label)), str(column.hint)]
    yield []
    yield [_("Categories")]
    for category in Category:
        yield [str(category.label)]
    yield []
    yield [_("States"), _("ISO code")]
    for state in sorted(states, key=lambda one: alphabetical(one.name)):
        yield [state.name, state.iso3]
