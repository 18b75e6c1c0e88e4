"""What an import would do, row by row, against the directory as it is. Nothing is written here."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import orjson

from contacts.access import Viewer
from contacts.imports.matching import Directory
from contacts.imports.planned import Fate, Planned, folded
from contacts.imports.rows import rows_of
from contacts.imports.tables import Problem, Table
from contacts.models import Institution, PointOfContact, State


@dataclass(frozen=True)
class Plan:
    rows: list[Planned]
    #: In the order of the file.
    problems: list[Problem]
    #: Contacts in office that no row is about; they stay as they are.
    absent: list[PointOfContact]
    #: Headings that mean nothing to the portal.
    unread: list[str]

    @cached_property
    def counts(self) -> dict[str, int]:
        return {fate.value: sum(one.fate == fate for one in self.rows) for fate in Fate}

    @cached_property
    def differing(self) -> list[Planned]:
        return [one for one in self.rows if one.fate in (Fate.NEW, Fate.CHANGED)]

    @property
    def unchanged(self) -> list[Planned]:
        return [one for one in self.rows if one.fate == Fate.UNCHANGED]

    @property
    def may_go(self) -> bool:
        return not self.problems and bool(self.differing)

    @cached_property
    def institutions_to_add(self) -> int:
        adding = (one.row.said for one in self.differing if one.adds_institution)
        return len({(said["state"].pk, folded(said["institution"])) for said in adding})

    @cached_property
    def mark(self) -> str:
        """Equal for plans that would write the same over the same."""
        told = [
            (one.row.number, one.fate, one.contact and one.contact.pk, one.adds_institution, _changes(one))
            for one in self.rows
        ]
        return hashlib.sha256(orjson.dumps(told)).hexdigest()


def _changes(one: Planned) -> list[tuple[str, Any, Any]]:
    return [(name, _plainly(one.before(name)), _plainly(one.after(name))) for name in one.changes]


def _plainly(value: Any) -> Any:
    return value.pk if isinstance(value, Institution) else value


def plan_of(table: Table, by: Viewer, today: date, *, locked: bool = False) -> Plan:
    """Asks as many questions for a long list as for a short one. `locked` keeps the answers as they are."""
    states = State.objects.visible_to(by).order_by("pk")
    contacts = PointOfContact.objects.visible_to(by).active().in_the_order_of_states()
    if locked:
        # Whoever enters a contact or an institution waits for its state.
        states, contacts = states.select_for_update(), contacts.select_for_update(of=("self",))
    rows = rows_of(table, list(states), today)
    had = list(contacts.select_related("state", "institution").defer("pgp_key"))
    planned = Directory(had, _institutions(by)).plan(rows)
    meant = {one.contact.pk for one in planned if one.contact}
    problems = [*table.problems, *(problem for one in planned for problem in one.row.problems)]
    return Plan(
        rows=planned,
        problems=sorted(problems, key=lambda problem: problem.row),
        absent=[one for one in had if one.pk not in meant],
        unread=table.headings.unread,
    )


def _institutions(by: Viewer) -> dict[tuple[int, str], Institution]:
    """Of names that are the same when folded, the one that was there first."""
    rows = Institution.objects.visible_to(by).order_by("-pk")
    return {(one.state_id, folded(one.name)): one for one in rows}
