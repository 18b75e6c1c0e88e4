"""A sheet as rows of cells, wherever it comes from, and the list of contacts found in it by its headings."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from contacts.imports.columns import COLUMNS, known_headings, plain

#: Above the headings there may be a title.
HEADINGS_WITHIN = 20
MOST_ROWS = 5_000


@dataclass(frozen=True)
class Cell:
    """What stands in it; `trouble` says why that cannot be taken as it is."""

    value: str | date = ""
    trouble: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.trouble and isinstance(self.value, str) and not self.value.strip()


NOTHING = Cell()

Rows = Iterator[tuple[int, list[Cell]]]


@dataclass(frozen=True)
class Merged:
    """Several cells made one: `name` is as the spreadsheet writes it, rows and columns are counted from 1."""

    name: str
    first_column: int
    first_row: int
    last_column: int
    last_row: int


@dataclass(frozen=True)
class Sheet:
    """`rows` begins anew each time; it gives the rows in which something stands, with their numbers."""

    rows: Callable[[], Rows]
    merged: tuple[Merged, ...] = ()


@dataclass(frozen=True)
class Headings:
    row: int
    texts: tuple[str, ...]

    @property
    def columns(self) -> tuple[str | None, ...]:
        return tuple(known_headings().get(plain(text)) for text in self.texts)

    @property
    def found(self) -> set[str]:
        return {name for name in self.columns if name}

    @property
    def missing(self) -> list[str]:
        return [capfirst(str(one.label)) for one in COLUMNS if one.required and one.name not in self.found]

    @property
    def doubled(self) -> list[str]:
        often = {name for name, times in Counter(self.columns).items() if name and times > 1}
        return [text for text, name in zip(self.texts, self.columns, strict=True) if name in often]

    @property
    def unread(self) -> list[str]:
        return [text for text, name in zip(self.texts, self.columns, strict=True) if name is None and text]


@dataclass(frozen=True)
class Problem:
    """Where in the file, in the words of the file, and what."""

    row: int
    says: str
    column: str = ""

    @property
    def place(self) -> str:
        if not self.column:
            return _("Row %(row)d") % {"row": self.row}
        return _("Row %(row)d, column “%(column)s”") % {"row": self.row, "column": self.column}


@dataclass(frozen=True)
class Table:
    """The rows below the headings, each cell by the name of its column."""

    headings: Headings
    rows: tuple[tuple[int, dict[str, Cell]], ...]
    problems: tuple[Problem, ...] = ()

    def heading(self, name: str) -> str:
        """As it is written in the file."""
        return self.headings.texts[self.headings.columns.index(name)]


def table_in(sheets: Iterable[Sheet]) -> Table:
    """The list in the first sheet that has all headings; ValidationError says which ones are wanting."""
    best: tuple[Headings, Sheet] | None = None
    for sheet in sheets:
        headings = headings_of(sheet)
        if headings and (best is None or len(headings.found) > len(best[0].found)):
            best = headings, sheet
        if headings and not headings.missing:
            break
    if best is None:
        says = _("No headings were found in the first %(count)d rows. Compare with the blank list.")
        raise ValidationError(says % {"count": HEADINGS_WITHIN}, code="headings")
    refuse_headings(best[0])
    return _table(*best)


def headings_of(sheet: Sheet) -> Headings | None:
    """The row among the first that has most headings, if any has two."""
    top = takewhile(lambda row: row[0] <= HEADINGS_WITHIN, sheet.rows())
    rows = [
        Headings(number, tuple("" if isinstance(one.value, date) else one.value.strip() for one in cells))
        for number, cells in top
    ]
    best = max(rows, key=lambda row: len(row.found), default=None)
    return best if best and len(best.found) > 1 else None


def refuse_headings(headings: Headings) -> None:
    wrong = []
    if headings.missing:
        wrong.append(_("These headings are missing: %(names)s.") % {"names": ", ".join(headings.missing)})
    if headings.doubled:
        says = _("These headings mean the same column: %(names)s. Leave one of them.")
        wrong.append(says % {"names": ", ".join(headings.doubled)})
    if wrong:
        raise ValidationError(wrong, code="headings")


def _table(headings: Headings, sheet: Sheet) -> Table:
    rows: list[tuple[int, dict[str, Cell]]] = []
    for number, cells in sheet.rows():
        if number <= headings.row:
            continue
        named = {name: cell for name, cell in zip(headings.columns, cells, strict=False) if name}
        if all(cell.is_empty for cell in named.values()):
            continue
        if len(rows) == MOST_ROWS:
            says = _("The list has more than %(most)d rows. Hand it in in parts.")
            raise ValidationError(says % {"most": MOST_ROWS}, code="rows")
        rows.append((number, named))
    return Table(headings, tuple(rows), tuple(_merged(headings, sheet)))


def _merged(headings: Headings, sheet: Sheet) -> Iterator[Problem]:
    """Of merged cells only the first holds what all of them show."""
    read = {place for place, name in enumerate(headings.columns, 1) if name}
    for one in sheet.merged:
        if one.last_row >= headings.row and read & set(range(one.first_column, one.last_column + 1)):
            says = _("%(cells)s are merged cells. Separate them, and fill in each.")
            yield Problem(one.first_row, says % {"cells": one.name})
