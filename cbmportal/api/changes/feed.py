"""What has changed for a viewer since a cursor: nothing missed and nothing twice, whoever writes meanwhile.

Lines of the log count once every transaction that began before theirs has ended, so no line can appear behind a
cursor. Of each record only its last line is told, with the record as it is in the same snapshot.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson
from django.db import connection, transaction

from cbmportal.api.changes.cursors import Cursor, Place
from cbmportal.api.changes.epoch import current_epoch
from cbmportal.api.models import WidestAudience
from cbmportal.api.records import records
from cbmportal.api.resources import RESOURCES
from contacts.access import Viewer

_LINES = """
SELECT line.transaction::text::bigint, line.id, line.kind, line.record, line.key, line.state, line.at,
    (SELECT max(one.audience) FROM api_change AS one WHERE one.kind = line.kind AND one.record = line.record)
FROM api_change AS line
WHERE (line.transaction, line.id) > (%s::text::xid8, %s)
    AND line.transaction < pg_snapshot_xmin(pg_current_snapshot())
    AND NOT EXISTS (
        SELECT FROM api_change AS later WHERE later.kind = line.kind AND later.record = line.record
        AND (later.transaction, later.id) > (line.transaction, line.id))
ORDER BY line.transaction, line.id LIMIT %s
"""
_SNAPSHOT = """
SELECT pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint FROM pg_current_snapshot() AS now
"""

#: The address of the list of a kind of records.
AddressOf = Callable[[str], str]
Views = dict[tuple[str, int], str]


class CursorExpired(Exception):
    """The log no longer holds, or never held, what the cursor needs: the client starts anew."""


class Line(NamedTuple):
    transaction: int
    id: int
    kind: str
    record: int
    key: str
    state: int | None
    at: datetime
    widest: int

    @property
    def place(self) -> Place:
        return self.transaction, self.id


@dataclass(frozen=True)
class Told:
    changes: list[dict[str, Any]]
    next: Cursor
    more: bool
    #: Whose contacts are among them.
    states_read: set[int]


def changes_since(cursor: Cursor | None, viewer: Viewer, limit: int, address: AddressOf) -> Told:
    """At most `limit` lines of the log are looked at; fewer changes may be told. CursorExpired if that cannot be."""
    with _one_snapshot():
        epoch = current_epoch()
        oldest, next_one = _rows(_SNAPSHOT)[0]
        eyes = viewer.eyes
        if cursor is None:
            cursor = Cursor(epoch.number.hex, (0, 0), eyes, (oldest, 0), began_anew=True)
        if cursor.epoch != epoch.number.hex or not epoch.forgotten <= cursor.needs <= next_one:
            raise CursorExpired
        cursor = _with_eyes(cursor, eyes)
        lines = [Line._make(row) for row in _rows(_LINES, [*cursor.at, limit + 1])]
        more, lines = len(lines) > limit, lines[:limit]
        changes = list(_told(lines, cursor, address))
    told = {one["id"] for one in changes if "object" in one}
    states = {one.state for one in lines if one.kind == "contacts" and one.state and one.key in told}
    return Told(changes, _advanced(cursor, lines, more), more, states)


def _with_eyes(cursor: Cursor, eyes: Viewer) -> Cursor:
    """Where the caller's rights have changed, all is looked at once more for what they make different."""
    if cursor.eyes == eyes:
        return cursor
    if cursor.is_catching_up:
        raise CursorExpired
    return replace(cursor, at=(0, 0), seen=cursor.at, eyes=eyes, before=cursor.eyes)


def _advanced(cursor: Cursor, lines: list[Line], more: bool) -> Cursor:
    at = lines[-1].place if lines else cursor.at
    if more:
        return replace(cursor, at=at)
    return replace(cursor, at=max(at, cursor.seen), seen=(0, 0), before=None, began_anew=False)


def _told(lines: list[Line], cursor: Cursor, address: AddressOf) -> Iterator[dict[str, Any]]:
    now = _views(lines, cursor.eyes, address)
    before = _views(lines, cursor.before, address) if cursor.before else {}
    for line in lines:
        known = line.kind, line.record
        if known in now:
            if line.place > cursor.seen or now[known] != before.get(known):
                yield _entry(line, "upsert") | {"object": orjson.Fragment(now[known])}
        elif known in before or (line.place > cursor.seen and _may_have_been_seen(line, cursor.eyes)):
            yield _entry(line, "end")


def _views(lines: Collection[Line], eyes: Viewer, address: AddressOf) -> Views:
    found: Views = {}
    for kind in {line.kind for line in lines}:
        keys = [line.record for line in lines if line.kind == kind]
        seen = records(RESOURCES[kind].serializer_class, eyes, keys, address(kind))
        found |= {(kind, one.key): one.json for one in seen}
    return found


def _may_have_been_seen(line: Line, eyes: Viewer) -> bool:
    """Of a draft that was never shown to others, they do not learn that it exists, nor that it ended."""
    level = WidestAudience.MEMBERS if eyes.member else WidestAudience.PUBLIC
    return line.widest >= level or line.state in eyes.delegate_of or eyes.secretariat


def _entry(line: Line, action: str) -> dict[str, Any]:
    at = line.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"kind": line.kind, "id": line.key, "action": action, "at": at}


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """Log and records as they stood at one moment; inside a transaction that runs already, as it sees them."""
    outermost = not connection.in_atomic_block
    if outermost:
        current_epoch()  # written before, where it must be: a snapshot only reads
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _rows(sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
