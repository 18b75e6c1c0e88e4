"""Rows into tables by COPY, past models and services: a million in a minute."""

import json
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from io import StringIO
from itertools import islice
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models, transaction

BATCH = 5_000
ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def copy(model: type[models.Model], rows: Iterable[Mapping[str, Any]], *, history: bool) -> None:
    """Insert rows given by column, all the same ones; other columns get the model's defaults.

    Without `history` no trigger fires: neither the events of made-up rows are measured, nor the making of them.
    """
    waiting = iter(rows)
    with transaction.atomic(), _triggers(model, fire=history), connection.cursor() as cursor:
        while batch := list(islice(waiting, BATCH)):
            fixed = {name: value for name, value in _defaults(model).items() if name not in batch[0]}
            names = ", ".join(f'"{name}"' for name in (*batch[0], *fixed))
            end = "".join(f"\t{_written(value)}" for value in fixed.values()) + "\n"
            lines = StringIO("".join("\t".join(map(_written, row.values())) + end for row in batch))
            cursor.copy_expert(f"COPY {model._meta.db_table} ({names}) FROM STDIN", lines)


#: Functions of the database that fill, in bulk, what triggers keep of each row as it is written.
FILLING = ("portal_fill_search", "portal_fill_changes")


def after_loading(*models_with_numbers: type[models.Model]) -> None:
    """What triggers would have filled is filled here; then the planner learns of the rows.

    Of models whose rows came with numbers of their own, the next number is told too.
    """
    with connection.cursor() as cursor:
        for model in models_with_numbers:
            cursor.execute(_SEQUENCE.format(table=model._meta.db_table))
        cursor.execute("SELECT proname FROM pg_proc WHERE proname = ANY(%s)", [list(FILLING)])
        for (function,) in cursor.fetchall():
            cursor.execute(f"SELECT {function}()")
        cursor.execute("VACUUM ANALYZE")


_SEQUENCE = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    """What the database does not fill in by itself."""
    own = [field for field in model._meta.concrete_fields if not isinstance(field, SearchVectorField)]
    return {
        str(field.column): field.get_default()
        for field in own
        if field.db_default is models.NOT_PROVIDED and not field.primary_key and not field.generated
    }


@contextmanager
def _triggers(model: type[models.Model], *, fire: bool) -> Any:
    if fire:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
        yield
        # Deferred references are checked before the table may be altered again.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {model._meta.db_table} ENABLE TRIGGER USER")


def _written(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, list):
        value = "{" + ",".join(json.dumps(one, ensure_ascii=False) for one in value) + "}"
    elif isinstance(value, dict):
        value = json.dumps(value)
    text = str(value)
    return text.translate(ESCAPES) if "\\" in text or not text.isprintable() else text
