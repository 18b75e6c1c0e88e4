"""Reading the files: every cell is checked, and whatever is wrong is told with file, row and column."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from cbmportal.fields import validate_plain_text

Files = dict[str, Path]

FILES: Files = {
    name: settings.BASE_DIR / app / "data" / f"{name}.csv"
    for app, names in {
        "contacts": ("member_states", "participation"),
        "measures": ("measures", "milestones", "reported_figures"),
        "policies": ("policies", "glossary"),
    }.items()
    for name in names
}
MOST_PROBLEMS_TOLD = 20
DATE_LENGTHS = {"year": 4, "month": 7, "day": 10}


class ReferenceDataError(Exception):
    """What is wrong in the files, one sentence a line."""

    def __init__(self, problems: list[str]) -> None:
        told = problems[:MOST_PROBLEMS_TOLD]
        if len(problems) > len(told):
            told.append(f"… and {len(problems) - len(told)} more.")
        super().__init__("\n".join(told))


@dataclass
class Row:
    """One row; a cell that cannot be read adds to `problems` and reads as empty."""

    file: str
    number: int
    cells: dict[str, str]
    problems: list[str]

    def refuse(self, column: str, message: str) -> None:
        self.problems.append(f"{self.file}, row {self.number}, column {column}: {message}")

    def text(self, column: str) -> str:
        return self.cells[column]

    def needed(self, column: str) -> str:
        if not self.cells[column]:
            self.refuse(column, "this must not be empty.")
        return self.cells[column]

    def parts(self, column: str, separator: str) -> list[str]:
        return [part.strip() for part in self.cells[column].split(separator) if part.strip()]

    def number_in(self, column: str) -> int:
        value = self.needed(column)
        if value and not (value.isascii() and value.isdecimal()):
            self.refuse(column, f"“{value}” is not a whole number.")
            return 0
        return int(value or 0)

    def day(self, column: str) -> date:
        return self.optional_day(column) if self.needed(column) else date.min

    def optional_day(self, column: str) -> date:
        """`date.min` stands for a day that cannot be read; ask for it only where there is a text."""
        try:
            return date.fromisoformat(self.cells[column])
        except ValueError:
            self.refuse(column, f"“{self.cells[column]}” is not a day like 2018-06-14.")
            return date.min

    def day_or_none(self, column: str) -> date | None:
        return self.optional_day(column) if self.cells[column] else None

    def partial_date(self, column: str, precision: str) -> str:
        """The date cut to what is known of it."""
        if not self.cells[column]:
            return ""
        if self.cells[precision] not in DATE_LENGTHS:
            self.refuse(precision, f"“{self.cells[precision]}” is not one of {', '.join(DATE_LENGTHS)}.")
            return ""
        return self.optional_day(column).isoformat()[: DATE_LENGTHS[self.cells[precision]]]

    def choice(self, column: str, choices: type[models.TextChoices], blank: bool = False) -> str:
        value = self.cells[column].replace(" ", "_")
        if value not in choices.values and not (blank and not value):
            self.refuse(column, f"“{self.cells[column]}” is not one of {', '.join(choices.values)}.")
        return value


def rows(name: str, files: Files, columns: tuple[str, ...], problems: list[str]) -> Iterator[Row]:
    path = files[name]
    try:
        with path.open(encoding="utf-8", newline="") as file:
            table = csv.reader(file, strict=True)
            if next(table, []) != list(columns):
                problems.append(f"{path.name}: the header must be {','.join(columns)}.")
                return
            for number, cells in enumerate(table, start=2):
                yield from _row(path.name, number, cells, columns, problems)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problems.append(f"{path.name} cannot be read: {error}.")


def _row(
    file: str, number: int, cells: list[str], columns: tuple[str, ...], problems: list[str]
) -> Iterator[Row]:
    if len(cells) != len(columns):
        problems.append(f"{file}, row {number}: {len(cells)} columns instead of {len(columns)}.")
        return
    row = Row(file, number, {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}, problems)
    for column, cell in row.cells.items():
        try:
            validate_plain_text(cell)
        except ValidationError as error:
            row.refuse(column, " ".join(error.messages))
            row.cells[column] = ""
    yield row
