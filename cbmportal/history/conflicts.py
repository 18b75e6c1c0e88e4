"""Two who change the same record at once: what each has done, field by field, so that the second can choose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cbmportal.history.changes import Change, Words, changes_in, differing
from cbmportal.history.models import Record, events_of

STORED, MINE = "stored", "mine"


@dataclass(frozen=True)
class Conflict:
    """A field that both have changed, or that the other has changed and is taken over."""

    field: str
    label: str
    stored: str
    mine: str
    actor: str
    at: datetime | None
    choice: str = ""


@dataclass(frozen=True)
class Comparison:
    """What was typed into a form, beside what others have done to the record since it was opened."""

    to_decide: tuple[Conflict, ...] = ()
    taken_over: tuple[Conflict, ...] = ()
    #: The fields in which what was typed is to stand in the form again.
    mine: frozenset[str] = frozenset()
    #: The changes since, the newest first.
    since: tuple[Change, ...] = ()

    @property
    def undecided(self) -> list[str]:
        return [one.field for one in self.to_decide if not one.choice]


def compare(
    current: Record,
    typed: Record,
    fields: Iterable[str],
    *,
    version: int | None,
    words: Words,
    choices: Mapping[str, str],
) -> Comparison:
    """`typed` holds what was typed, `version` is the one that its writer had read."""
    names = set(fields)
    base = _as_read(current, version)
    since = _since(current, version, words) if base else []
    changed, by_others = (
        {one.field for one in differing(row, base, names, words)} if base else names
        for row in (typed, current)
    )
    last = {one.field: change for change in reversed(since) for one in change.differences}
    found = [
        Conflict(
            field=one.field,
            label=one.label,
            stored=one.before,
            mine=one.after,
            actor=last[one.field].actor if one.field in last else "",
            at=last[one.field].at if one.field in last else None,
            choice=choices.get(one.field, ""),
        )
        for one in differing(current, typed, names, words)
        if one.field in by_others
    ]
    return Comparison(
        to_decide=tuple(one for one in found if one.field in changed),
        taken_over=tuple(one for one in found if one.field not in changed),
        mine=frozenset(changed),
        since=tuple(since),
    )


def _as_read(record: Record, version: int | None) -> Any:
    """The record in that version; None if there never was such a one."""
    return events_of(type(record)).filter(pgh_obj_id=record.pk, version=version).first()


def _since(record: Record, version: int | None, words: Words) -> list[Change]:
    events = events_of(type(record)).filter(pgh_obj_id=record.pk, version__gte=version)
    # The oldest is the version that was read; it only serves to tell what the next one changed.
    return changes_in(type(record), events, words)[:-1]
