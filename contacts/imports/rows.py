"""What each row says of a contact, in the portal's own terms, and every cell that cannot be taken."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import override

from cbmportal.forms import TelephoneField
from contacts.imports.cells import date_in, text_in
from contacts.imports.columns import COLUMNS, plain
from contacts.imports.tables import NOTHING, Cell, Problem, Table
from contacts.models import Category, Institution, PointOfContact, State

#: Without these a row says nothing; the others may be left as they are in the portal.
NEEDED = ("state", "full_name", "position", "institution", "email", "category")


@dataclass
class Row:
    """`said` holds what the row says, by field; what it leaves empty is not in it. An institution is a name."""

    number: int
    said: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def office(self) -> tuple[int, str] | None:
        """State and category, within which a contact is looked for."""
        known = "state" in self.said and "category" in self.said
        return (self.said["state"].pk, self.said["category"]) if known else None


def rows_of(table: Table, states: Iterable[State], today: date) -> list[Row]:
    return Reader(table, by_any_name(states), categories(), today).rows()


def by_any_name(states: Iterable[State]) -> dict[str, State]:
    return {
        plain(name): state
        for state in states
        for name in (state.iso2, state.iso3, state.name_en, state.name_es, state.name_pt, state.name_fr)
    }


def categories() -> dict[str, str]:
    """By code, and by label in every language."""
    known = {plain(code): code for code in Category.values}
    for language, _name in settings.LANGUAGES:
        with override(language):
            known |= {plain(str(one.label)): one.value for one in Category}
    return known


@dataclass(frozen=True)
class Reader:
    table: Table
    states: dict[str, State]
    categories: dict[str, str]
    today: date

    def rows(self) -> list[Row]:
        return [self._row(number, cells) for number, cells in self.table.rows]

    def _row(self, number: int, cells: dict[str, Cell]) -> Row:
        row = Row(number)
        for column in COLUMNS:
            if column.name in self.table.headings.found:
                self._take(row, column.name, cells.get(column.name, NOTHING))
        return row

    def _take(self, row: Row, name: str, cell: Cell) -> None:
        try:
            value = self._value(row, name, cell)
            if value:
                row.said[name] = value
            elif name in NEEDED:
                raise ValidationError(_("This cell is empty."), code="required")
        except ValidationError as error:
            heading = self.table.heading(name)
            row.problems += [Problem(row.number, says, heading) for says in error.messages]

    def _value(self, row: Row, name: str, cell: Cell) -> Any:
        if name == "note_date":
            return self._past(date_in(cell))
        text = text_in(cell)
        if not text:
            return ""
        if name == "state":
            return self._state(text)
        if name == "category":
            return self._category(text)
        if name == "phone":
            return _telephone(row, text)
        if name == "institution":
            return _as_in(Institution, "name", text)
        return _as_in(PointOfContact, name, text)

    def _state(self, text: str) -> State:
        try:
            return self.states[plain(text)]
        except KeyError:
            says = _("“%(text)s” is no state that the portal knows. Write its name or its ISO code.")
            raise ValidationError(says % {"text": text}, code="unknown") from None

    def _category(self, text: str) -> str:
        try:
            return self.categories[plain(text)]
        except KeyError:
            says = _("“%(text)s” is no category. Write “%(first)s” or “%(second)s”.")
            first, second = (str(one.label) for one in Category)
            raise ValidationError(
                says % {"text": text, "first": first, "second": second}, code="unknown"
            ) from None

    def _past(self, day: date | None) -> date | None:
        if day and day > self.today:
            raise ValidationError(_("This date lies in the future."), code="future")
        return day


def _as_in(model: type[Model], name: str, text: str) -> Any:
    """What the model's own field makes of it."""
    return model._meta.get_field(name).clean(text, None)  # type: ignore[union-attr]


def _telephone(row: Row, text: str) -> str:
    """As it is dialled within the state; while that is not known, nothing is said of it."""
    if "state" not in row.said:
        return ""
    field = TelephoneField()
    field.region = row.said["state"].iso2
    return field.clean(text)
