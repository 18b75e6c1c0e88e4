"""Writing with a trace: who, through what, why; all or nothing; never over somebody else's change."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar
from uuid import UUID

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from cbmportal.history.models import Record

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Actor(Protocol):
    """Who writes: `user_id` is None for the portal itself; `via` is page, api, admin, or a command's own word."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def via(self) -> str: ...


class StaleRecord(Exception):
    """Somebody else changed the record after the writer had read it; `current` is what it is now."""

    def __init__(self, current: Record) -> None:
        super().__init__(_("This entry was changed by someone else in the meantime. Nothing was saved."))
        self.current = current


@contextmanager
def recorded(*, by: Actor, reason: str = "") -> Iterator[None]:
    """One transaction whose every change is attributed to `by`, with the reason given."""
    with transaction.atomic():
        with pghistory.context(user=by.user_id, via=by.via, reason=reason):
            yield
        # The settings live as long as the transaction: what follows in an outer one is not this writer's.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pghistory.context_id', '', true),"
                " set_config('pghistory.context_metadata', '', true)"
            )


def current_context() -> UUID:
    """What the events of the changes now being recorded have in common; inside `recorded`."""
    with pghistory.context() as context:
        found: UUID = context.id
    return found


def only(changes: Mapping[str, Any], allowed: Collection[str]) -> None:
    """Refuse by name whatever a service does not change."""
    if refused := sorted(set(changes) - set(allowed)):
        raise ValidationError({name: _("This cannot be changed here.") for name in refused})


def save_valid(record: models.Model, exclude: Collection[str] = ()) -> None:
    """What somebody else has stored just now is refused in words, like anything that is not valid."""
    record.full_clean(exclude=exclude)
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError:
        record.full_clean(exclude=exclude)
        raise


def store(record: AnyRecord, *, by: Actor, reason: str = "") -> AnyRecord:
    """Validate and save a new or locked record; ValidationError names the field, nothing is half-written."""
    with recorded(by=by, reason=reason):
        save_valid(record)
        record.refresh_from_db(fields=["version", "created_at", "updated_at"])
    return record


def change(
    record: AnyRecord, changes: Mapping[str, Any], *, by: Actor, reason: str = "", version: int | None = None
) -> AnyRecord:
    """Set the fields in `changes` on the row as it is now, under its lock.

    `version` is the one the writer has read; if the row has moved on since, StaleRecord is raised.
    """
    with recorded(by=by, reason=reason):
        current = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
        if version is not None and version != current.version:
            raise StaleRecord(current)
        for field, value in changes.items():
            setattr(current, field, value)
        return store(current, by=by, reason=reason)


def remove(record: models.Model, *, by: Actor, reason: str = "") -> None:
    """Delete reference data that nothing refers to; its history stays."""
    with recorded(by=by, reason=reason):
        record.delete()
