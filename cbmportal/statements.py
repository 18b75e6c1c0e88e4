"""Records written as JSON by the database, by statements that are compiled once: the quick way of long lists.

A record is a tuple of named expressions. What differs from call to call stands in a compiled statement as a slot.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Case, F, Func, Model, Q, TextField, Value, When
from django.db.models import DateTimeField as DateTime
from django.db.models.functions import Cast
from django.db.models.query import QuerySet

CHUNK = 200

# Values that no data have: in a compiled statement each is replaced by one that is given when it is used.
ADDRESS_SLOT = "\x01address\x01"
KEY_SLOT = "\x01key\x01"
NUMBER_SLOT = -(2**62)
MOMENT_SLOT = datetime(1, 1, 1, microsecond=1, tzinfo=UTC)
SLOTS: dict[Any, str] = {ADDRESS_SLOT: "address", KEY_SLOT: "key", NUMBER_SLOT: "number", MOMENT_SLOT: "at"}


class _Json(Func):
    """JSON in the shape of text, which goes into other JSON as it is."""

    output_field = TextField()


class AsJson(_Json):
    template = "to_json(%(expressions)s)::text"


class Moment(_Json):
    """A time in UTC with microseconds, as everywhere in the API."""

    template = (
        """to_json(to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text"""
    )


class Address(_Json):
    """Where a record is read: the address of its list, which is a slot, and its key."""

    template = "to_json(%(expressions)s || '/')::text"
    arg_joiner = " || "

    def __init__(self, key: str) -> None:
        super().__init__(Value(ADDRESS_SLOT, TextField()), Cast(key, TextField()))


class _Member(_Json):
    template = """'%(separator)s"%(name)s":' || COALESCE(%(expressions)s, 'null')"""


class JsonObject(_Json):
    """Named expressions, in their order. One that has a condition is absent where that does not hold; not the first."""

    template = "('{' || %(expressions)s || '}')"
    arg_joiner = " || "

    def __init__(self, members: Mapping[str, Any], conditions: Mapping[str, Q | bool] | None = None) -> None:
        conditions = conditions or {}
        written: list[Any] = []
        for name, expression in members.items():
            shown = conditions.get(name, True)
            if shown is False:
                continue
            json = expression if isinstance(expression, _Json) else AsJson(expression)
            member = _Member(json, name=name, separator="," if written else "")
            written.append(_if(shown, member) if isinstance(shown, Q) else member)
        super().__init__(*written)


def _if(condition: Q, member: _Member) -> Case:
    return Case(When(condition, then=member), default=Value("", TextField()), output_field=TextField())


class JsonList(_Json):
    """The records of a queryset that refers to the outer row, in its order."""

    template = "('[' || array_to_string(%(expressions)s, ',') || ']')"

    def __init__(self, records: QuerySet[Any], members: Mapping[str, Any]) -> None:
        super().__init__(ArraySubquery(records.values_list(JsonObject(members))))


def columns(model: type[Model], names: Iterable[str], **others: Any) -> dict[str, Any]:
    """What is written under each name: the column of that name, or what `others` says."""
    return {name: others[name] if name in others else _column(model, name) for name in names}


def _column(model: type[Model], name: str) -> Any:
    return Moment(F(name)) if isinstance(model._meta.get_field(name), DateTime) else F(name)


# Statements compiled once ---------------------------------------------------------------------------------


class Statement:
    """A queryset compiled once. Slots stand in it for the values that are given at each use."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        try:
            self.sql, parameters = queryset.query.sql_with_params()
        except EmptyResultSet:
            self.sql, parameters = "", ()
        self._parameters = [(_slot(one), one) for one in parameters]

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        return [values[slot] if slot else fixed for slot, fixed in self._parameters]

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        if not self.sql:
            return []
        return _fetched(self.sql, self.parameters(values))

    def rows_of(self, keys: list[int], **values: Any) -> list[tuple[Any, ...]]:
        """The rows with these keys, in this order; the statement selects `id` first."""
        if not self.sql or not keys:
            return []
        sql = (
            f"SELECT found.* FROM ({self.sql}) AS found"  # noqa: S608 - compiled by Django
            " JOIN unnest(%s::bigint[]) WITH ORDINALITY AS wanted (id, place) USING (id) ORDER BY place"
        )
        return _fetched(sql, [*self.parameters(values), keys])

    def stream(self, **values: Any) -> Iterator[list[tuple[Any, ...]]]:
        """All rows by the hundred, from a cursor of the database, so that memory does not grow with them."""
        if not self.sql:
            return
        with transaction.atomic(), closing(connection.chunked_cursor()) as cursor:
            cursor.execute(self.sql, self.parameters(values))
            while chunk := cursor.fetchmany(CHUNK):
                yield chunk


def _fetched(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _slot(value: Any) -> str | None:
    return SLOTS.get(value) if isinstance(value, str | int | datetime) else None
