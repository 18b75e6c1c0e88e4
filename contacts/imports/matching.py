"""Which row is about which contact, and in what they differ."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from contacts.imports.columns import COLUMNS
from contacts.imports.planned import COMPARED, Planned, folded
from contacts.imports.rows import Row
from contacts.imports.tables import Problem
from contacts.models import Institution, PointOfContact

#: What a contact must have to be entered, beyond what every row must say.
FOR_NEW = ("note_reference", "note_date")

Index = dict[tuple[Any, ...], list[PointOfContact]]


@dataclass(frozen=True)
class Directory:
    """The contacts in office, and the institutions by their state and folded name."""

    contacts: list[PointOfContact]
    institutions: dict[tuple[int, str], Institution]

    def plan(self, rows: list[Row]) -> list[Planned]:
        planned = [Planned(row, institution=self._institution(row)) for row in rows]
        _find_doubles(planned)
        self._match(planned)
        for one in planned:
            if not one.row.problems:
                _compare(one)
        return planned

    def _institution(self, row: Row) -> Institution | None:
        if "state" not in row.said or "institution" not in row.said:
            return None
        return self.institutions.get((row.said["state"].pk, folded(row.said["institution"])))

    def _match(self, planned: list[Planned]) -> None:
        """By name first: officials of one office may share a mailbox, and each is to be found again."""
        named, mailed = self._index("full_name"), self._index("email")
        for one in planned:
            _settle(one, _alike(named, one.row, "full_name"))
        taken = {one.contact.pk for one in planned if one.contact}
        for one in planned:
            if one.contact is None and not one.row.problems:
                _settle(one, [had for had in _alike(mailed, one.row, "email") if had.pk not in taken])
        _refuse_claimed_twice(planned)

    def _index(self, name: str) -> Index:
        index: Index = defaultdict(list)
        for contact in self.contacts:
            index[contact.state_id, contact.category, folded(getattr(contact, name))].append(contact)
        return index


def _alike(index: Index, row: Row, name: str) -> list[PointOfContact]:
    return index.get((*row.office, folded(row.said[name])), []) if row.office and name in row.said else []


def _settle(one: Planned, alike: list[PointOfContact]) -> None:
    """The one contact that the row can mean; of several, the one with its name and its address."""
    if len(alike) > 1:
        alike = [had for had in alike if _agrees(one.row, had)] or alike
    if len(alike) == 1:
        one.contact = alike[0]
    elif alike:
        says = _("The portal has several entries that this row can mean. Correct them there, one by one.")
        one.row.problems.append(Problem(one.row.number, says))


def _agrees(row: Row, contact: PointOfContact) -> bool:
    names = ("full_name", "email")
    return all(folded(row.said.get(name, "")) == folded(getattr(contact, name)) for name in names)


def _find_doubles(planned: list[Planned]) -> None:
    for one, earlier in _repeated(planned, "full_name"):
        says = _("The same official as in row %(row)d: same state, category and name. Leave one of them.")
        one.row.problems.append(Problem(one.row.number, says % {"row": earlier.number}))
    for one, earlier in _repeated(planned, "email"):
        one.notes.append(_("Row %(row)d has the same e-mail address.") % {"row": earlier.number})


def _repeated(planned: list[Planned], name: str) -> Iterator[tuple[Planned, Row]]:
    """Rows that say of the same office what an earlier row has said, with that row."""
    first: dict[Any, Row] = {}
    for one in planned:
        if one.row.office and name in one.row.said:
            earlier = first.setdefault((*one.row.office, folded(one.row.said[name])), one.row)
            if earlier is not one.row:
                yield one, earlier


def _refuse_claimed_twice(planned: list[Planned]) -> None:
    first: dict[int, Row] = {}
    for one in planned:
        if one.contact is None or one.row.problems:
            continue
        earlier = first.setdefault(one.contact.pk, one.row)
        if earlier is not one.row:
            says = _("The portal has one entry for this row and row %(row)d, and cannot tell which is meant.")
            one.row.problems.append(Problem(one.row.number, says % {"row": earlier.number}))


def _compare(one: Planned) -> None:
    if one.contact is None:
        one.row.problems += _missing_in_new(one.row)
        return
    one.changes = {
        column.name: one.row.said[column.name]
        for column in COMPARED
        if column.name in one.row.said and not _same(one, column.name)
    }
    if "full_name" in one.changes and folded(one.changes["full_name"]) != folded(one.contact.full_name):
        says = _("Another name. If this is another official, end the entry and enter a new one instead.")
        one.notes.append(says)


def _same(one: Planned, name: str) -> bool:
    before, after = one.before(name), one.after(name)
    return bool(folded(before) == folded(after) if name == "email" else before == after)


def _missing_in_new(row: Row) -> Iterator[Problem]:
    for column in COLUMNS:
        if column.name in FOR_NEW and column.name not in row.said:
            says = _("This cell is empty. A contact that is new in the portal needs it.")
            yield Problem(row.number, says, capfirst(str(column.label)))
