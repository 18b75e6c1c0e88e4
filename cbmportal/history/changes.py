"""A record's history in words: who changed what, when, through what and why, field by field."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, TypeAlias
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cbmportal.dates import day, day_and_time, partial_date
from cbmportal.fields import PartialDateField
from cbmportal.history.models import Record, events_of

AnyField: TypeAlias = models.Field[Any, Any]
#: How an app says the values of a field that only it understands, by the field's name.
Words: TypeAlias = Mapping[str, Callable[[Any], str]]
Names: TypeAlias = Mapping[tuple[type[models.Model], Any], str]

TECHNICAL = frozenset(("id", "uuid", "version", "created_at", "updated_at", "source_key", "file"))
ACTIONS = {
    "insert": pgettext_lazy("history", "Entered"),
    "update": pgettext_lazy("history", "Changed"),
    "delete": pgettext_lazy("history", "Deleted"),
}
WAYS = {
    "page": gettext_lazy("on a page of the portal"),
    "api": gettext_lazy("through the API"),
    "admin": gettext_lazy("in the administration of the Secretariat"),
    "import": gettext_lazy("by an import of the Secretariat's list"),
    "command": gettext_lazy("by a command on the server"),
}


#: Reasons that the portal gives itself, as they are stored; people's own are told as they wrote them.
UNDONE = "portal:undone"
PURGED = "portal:purged"
REASONS = {
    UNDONE: gettext_lazy("Undone: the details are again as they were before the last change."),
    PURGED: gettext_lazy("The personal data was deleted; the fact of the designation stays."),
}


@dataclass(frozen=True)
class Difference:
    field: str
    label: str
    before: str
    after: str
    #: Whether the values are somebody's own words, in whatever language they were written.
    as_written: bool = False


@dataclass(frozen=True)
class Fact:
    """What one field says now, and said before."""

    name: str
    label: str
    now: str
    before: str

    @property
    def changed(self) -> bool:
        return self.now != self.before


@dataclass(frozen=True)
class Change:
    at: datetime
    action: str
    subject: str
    actor: str
    via: str
    reason: str
    differences: tuple[Difference, ...]

    @property
    def action_in_words(self) -> str:
        return str(ACTIONS[self.action])


# What happened ----------------------------------------------------------------------------------------------


def history_of(record: models.Model, words: Words | None = None) -> list[Change]:
    """All changes of a record, the newest first."""
    return changes_in(type(record), events_of(type(record)).filter(pgh_obj_id=record.pk), words)


def history_by_uuid(model: type[Record], uuid: UUID, words: Words | None = None) -> list[Change]:
    """The same for a record that may no longer exist; empty if it never did."""
    return changes_in(model, events_of(model).filter(uuid=uuid), words)


def changes_in(
    model: type[models.Model],
    events: models.QuerySet[Any],
    words: Words | None = None,
    hidden: Collection[str] = (),
) -> list[Change]:
    """The changes that some events of a model tell, each against the state of its row just before.

    Of the fields in `hidden`, which the reader may not see, nothing is told.
    """
    rows = list(events.order_by("pgh_id"))
    fields = [field for field in _told_fields(model) if field.name not in hidden]
    names = _names(fields, rows)
    last: dict[Any, Any] = {}
    changes = []
    for row in rows:
        before, after = last.get(row.pgh_obj_id), row
        if row.pgh_label == "delete":
            before, after = row, None
        changes.append(_change(row, differences(fields, before, after, names, words or {}), names))
        last[row.pgh_obj_id] = row
    return changes[::-1]


def changes_within(
    context: UUID,
    model: type[models.Model],
    events: models.QuerySet[Any],
    words: Words | None = None,
    hidden: Collection[str] = (),
) -> list[Change]:
    """What was changed in one go among these events, which are of one record."""
    ids = list(events.filter(pgh_context_id=context).order_by("pgh_id").values_list("pgh_id", flat=True))
    if not ids:
        return []
    before = events.filter(pgh_id__lt=ids[0]).order_by("-pgh_id").values_list("pgh_id", flat=True)[:1]
    return changes_in(model, events.filter(pgh_id__in=[*before, *ids]), words, hidden)[: len(ids)]


def merged(*histories: list[Change]) -> list[Change]:
    """Several histories as one, the newest change first."""
    return sorted((one for history in histories for one in history), key=attrgetter("at"), reverse=True)


def _change(event: Any, found: tuple[Difference, ...], names: Names) -> Change:
    metadata = event.pgh_context
    return Change(
        at=event.pgh_created_at,
        action=event.pgh_label,
        subject=str(event.pgh_tracked_model._meta.verbose_name),
        actor=_actor(metadata, names),
        via=_way(metadata),
        reason=reason_in_words((metadata or {}).get("reason") or ""),
        differences=found,
    )


def _actor(metadata: Mapping[str, Any] | None, names: Names) -> str:
    if metadata is None:
        return _("outside the portal, directly in the database")
    if metadata.get("user") is None:
        return _("the portal itself")
    return names.get((get_user_model(), metadata["user"])) or _("an account that no longer exists")


def reason_in_words(reason: str) -> str:
    return str(REASONS.get(reason, reason))


def _way(metadata: Mapping[str, Any] | None) -> str:
    """Commands call themselves by names of their own."""
    return "" if metadata is None else str(WAYS.get(metadata["via"], WAYS["command"]))


# Field by field ---------------------------------------------------------------------------------------------


def _told_fields(model: type[models.Model]) -> list[AnyField]:
    kept = {field.name for field in events_of(model).model._meta.concrete_fields} - TECHNICAL
    return [field for field in model._meta.concrete_fields if field.name in kept]


def differing(
    record: models.Model, other: models.Model, only: Iterable[str], words: Words
) -> tuple[Difference, ...]:
    """In which of the fields in `only` two versions of a record differ, in words."""
    fields = [field for field in _told_fields(type(record)) if field.name in set(only)]
    return differences(fields, record, other, _names(fields, [record, other]), words)


def side_by_side(record: models.Model, earlier: Any, only: Iterable[str], words: Words) -> list[Fact]:
    """What a record says in the fields in `only`, each beside what it said in an earlier version, if there is one."""
    fields = {field.name: field for field in _told_fields(type(record))}
    chosen = [fields[name] for name in only]
    names = _names(chosen, [row for row in (record, earlier) if row])
    facts = []
    for field in chosen:
        now = _said(field, getattr(record, field.attname), names, words)
        before = _said(field, getattr(earlier, field.attname), names, words) if earlier else now
        facts.append(Fact(field.name, str(field.verbose_name), now, before))
    return facts


def differences(
    fields: Iterable[AnyField], before: Any, after: Any, names: Names, words: Words
) -> tuple[Difference, ...]:
    """The fields in which two rows differ; None stands for a row that is not there."""
    found = []
    for field in fields:
        old, new = (getattr(row, field.attname) if row else None for row in (before, after))
        if old == new or (_is_empty(old) and _is_empty(new)):
            continue
        found.append(
            Difference(
                field=field.name,
                label=str(field.verbose_name),
                before=_said(field, old, names, words),
                after=_said(field, new, names, words),
                as_written=field.name not in words and _is_prose(field),
            )
        )
    return tuple(found)


def _said(field: AnyField, value: Any, names: Names, words: Words) -> str:
    if _is_empty(value):
        return ""
    return words[field.name](value) if field.name in words else _in_words(field, value, names)


def _is_prose(field: AnyField) -> bool:
    text = getattr(field, "base_field", field)
    is_text = isinstance(text, (models.CharField, models.TextField)) and not isinstance(
        text, PartialDateField
    )
    return is_text and not text.flatchoices


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _names(fields: Iterable[AnyField], rows: Iterable[Any]) -> Names:
    """What the rows refer to by key, by name: one query for each kind of thing."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for row in rows:
        for field in fields:
            if isinstance(field, models.ForeignKey) and getattr(row, field.attname) is not None:
                wanted.setdefault(field.remote_field.model, set()).add(getattr(row, field.attname))
        context = getattr(row, "pgh_context", None) or {}
        if context.get("user") is not None:
            wanted.setdefault(get_user_model(), set()).add(context["user"])
    return {
        (model, key): str(one)
        for model, keys in wanted.items()
        for key, one in _without_files(model).in_bulk(keys).items()
    }


def _without_files(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows of a model, without what of them is a file: none is named by it."""
    files = [one.name for one in model._meta.concrete_fields if isinstance(one, models.BinaryField)]
    return model._base_manager.defer(*files)


def _in_words(field: AnyField, value: Any, names: Names) -> str:
    if isinstance(field, models.ForeignKey):
        return names.get((field.remote_field.model, value)) or _("an entry that no longer exists")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, PartialDateField):
        return partial_date(value)
    if isinstance(value, datetime):
        return day_and_time(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in sorted(value.items()))
    if isinstance(value, list):
        base: AnyField = getattr(field, "base_field", field)
        return ", ".join(_label(base, one) for one in value)
    return _label(field, value)


def _label(field: AnyField, value: Any) -> str:
    return str(dict(field.flatchoices).get(value, value))
