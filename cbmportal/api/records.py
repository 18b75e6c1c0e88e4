"""The quick way of all lists: keys in order from one question, records as JSON by their keys from another."""

import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from cbmportal.statements import Statement
from contacts.access import Viewer
from contacts.api import Representation

AnyRepresentation = type[Representation[Any]]


@lru_cache(maxsize=256)
def _statement(written: AnyRepresentation, eyes: Viewer, order: tuple[str, ...]) -> Statement:
    model: Any = written.Meta.model
    return Statement(
        model.objects.visible_to(eyes)
        .order_by(*order)
        .values_list("id", written.in_sql(eyes), *written.BESIDE),
    )


class Record(NamedTuple):
    key: int
    json: str
    #: The columns that stand beside the record and not in it.
    beside: tuple[Any, ...] = ()


def records(written: AnyRepresentation, viewer: Viewer, keys: Sequence[int], address: str) -> list[Record]:
    """Those of these records that the viewer sees, in the order of the keys; `address` is that of their list."""
    rows = _statement(written, viewer.eyes, ()).rows_of(list(keys), address=address)
    return [Record(key, json, tuple(beside)) for key, json, *beside in rows]


def all_records(
    written: AnyRepresentation, viewer: Viewer, order: tuple[str, ...], address: str
) -> Iterator[list[Record]]:
    """Every record that the viewer sees, by the hundred."""
    for rows in _statement(written, viewer.eyes, order).stream(address=address):
        yield [Record(key, json, tuple(beside)) for key, json, *beside in rows]


class Order:
    """The keys of a whole list in its order, eight bytes each."""

    WIDTH = 8

    def __init__(self, packed: bytes) -> None:
        self.packed = packed

    def __len__(self) -> int:
        return len(self.packed) // self.WIDTH

    def part(self, first: int, last: int) -> list[int]:
        packed = self.packed[first * self.WIDTH : last * self.WIDTH]
        return list(struct.unpack(f">{len(packed) // self.WIDTH}q", packed))


def order_of(queryset: QuerySet[Any, Any]) -> Order:
    """However long the list is, its order is asked for in one row."""
    try:
        sql, parameters = queryset.values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return Order(b"")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT string_agg(int8send(key), ''::bytea) FROM ({sql}) AS found (key)",  # noqa: S608
            parameters,
        )
        (packed,) = cursor.fetchone()
    return Order(bytes(packed or b""))


def forget_statements() -> None:
    _statement.cache_clear()
