"""Emptying what the history kept. Nothing else changes an event."""

from collections.abc import Mapping
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Func, QuerySet, Value

from cbmportal.history.changes import PURGED


def empty_events(events: QuerySet[Any], columns: Mapping[str, Any]) -> None:
    """Put `columns` into these events, and take from them why it was done: reasons are words about people.

    Who did it, when and by which way stays; so does the purge itself.
    """
    without_reason = Func(
        F("pgh_context"),
        Value("{reason}"),
        Value("", models.JSONField()),
        function="jsonb_set",
        template="%(function)s(%(expressions)s)",
        output_field=models.JSONField(),
    )
    table = events.model._meta
    with pgtrigger.ignore(f"{table.app_label}.{table.object_name}:append_only"):
        if columns:
            events.update(**columns)
        events.exclude(pgh_context__reason=PURGED).update(pgh_context=without_reason)
