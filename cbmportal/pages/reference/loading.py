"""Writing what the files say, through the services, and never over what anybody else has done."""

import uuid
from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from cbmportal.history.models import Record, events_of
from cbmportal.pages.reference.entries import Entry, read
from cbmportal.pages.reference.files import FILES, Files, ReferenceDataError
from contacts.access import portal
from contacts.models import Participation, State
from contacts.services import curate
from policies.models import PolicySubmission, PolicyTranslation
from policies.services import compile_policy, correct_policy, set_translation

LOADER = portal(via="reference")
REASON = "Reference data of the portal"
LOCK = 5_271_828

Summary = dict[str, Counter[str]]


def load(files: Files = FILES) -> Summary:
    """All or nothing. For each kind of record, how many were created, updated, left as edited, unchanged."""
    entries = read(files)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return _Loading(entries).run()


class _Loading:
    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self.kinds = list(dict.fromkeys(entry.model for entry in entries))
        self.found: dict[uuid.UUID, Record] = {}
        for kind in self.kinds:
            self._find([entry for entry in entries if entry.model is kind], kind)

    def _find(self, entries: list[Entry], kind: type[Record]) -> None:
        """The records that the entries describe: by outside name, else by what people would know them by."""
        records = list(kind._default_manager.all())
        natural = [self._column(entries[0], name) for name in entries[0].natural]
        by_name = {record.uuid: record for record in records}
        by_key = {tuple(getattr(record, name) for name in natural): record for record in records}
        for entry in entries:
            values = {**entry.values, **{f"{name}_id": self._target(entry, name) for name in entry.links}}
            record = by_name.get(entry.uuid) or by_key.get(tuple(values[name] for name in natural))
            if record:
                self.found[entry.uuid] = record

    def _column(self, entry: Entry, name: str) -> str:
        return f"{name}_id" if name in entry.links else name

    def _target(self, entry: Entry, name: str) -> int | None:
        record = self._linked(entry, name)
        return record.pk if record else None

    def run(self) -> Summary:
        todo = [entry for entry in self.entries if self._differences(entry) or entry.uuid not in self.found]
        touched = self._touched_by_people(todo)
        summary: Summary = {str(kind._meta.verbose_name_plural): Counter() for kind in self.kinds}
        pending = {entry.uuid for entry in todo}
        for entry in self.entries:
            outcome = self._write(entry, touched) if entry.uuid in pending else "unchanged"
            summary[str(entry.model._meta.verbose_name_plural)][outcome] += 1
        return summary

    def _differences(self, entry: Entry) -> dict[str, Any]:
        """The fields in which the record found says something else than the file."""
        record = self.found.get(entry.uuid)
        if record is None:
            return {}
        said = {**entry.values, **{name: self._linked(entry, name) for name in entry.links}}
        if entry.model is PolicySubmission:
            said.setdefault("superseded_by", None)
        return {
            name: value
            for name, value in said.items()
            if record.serializable_value(name) != getattr(value, "pk", value)
        }

    def _linked(self, entry: Entry, name: str) -> Record | None:
        return self.found.get(entry.links[name])

    def _touched_by_people(self, entries: list[Entry]) -> set[uuid.UUID]:
        """Entries that anybody but the loader has entered, edited or removed, in whatever way."""
        touched: set[uuid.UUID] = set()
        for kind in {entry.model for entry in entries}:
            others = events_of(kind).exclude(pgh_context__via=LOADER.via)
            pks = set(others.values_list("pgh_obj_id", flat=True))
            names = set(others.values_list("uuid", flat=True))
            states = set(others.values_list("state_id", flat=True)) if kind is Participation else set()
            for entry in entries:
                record = self.found.get(entry.uuid)
                known = record is not None and record.pk in pks
                if entry.model is kind and (known or entry.uuid in names or self._target_in(entry, states)):
                    touched.add(entry.uuid)
        return touched

    def _target_in(self, entry: Entry, states: set[int]) -> bool:
        """The spans of a state fit together: whoever has set one has set them all."""
        return bool(states) and self._target(entry, "state") in states

    def _write(self, entry: Entry, touched: set[uuid.UUID]) -> str:
        missing = {name for name in entry.links if self._target(entry, name) is None} - {"superseded_by"}
        changes = self._differences(entry)
        if entry.uuid in touched or missing:
            changes = self._never_said(entry, changes)
            if not changes:
                return "left as edited"
        try:
            with transaction.atomic():
                return self._update(entry, changes) if entry.uuid in self.found else self._create(entry)
        except ValidationError as error:
            raise ReferenceDataError(
                [f"{entry.row.file}, row {entry.row.number}: {' '.join(error.messages)}"]
            ) from error

    def _never_said(self, entry: Entry, changes: dict[str, Any]) -> dict[str, Any]:
        """What files say of a state in columns that came later, and that nobody has filled or emptied since.

        Of states only: a record of theirs, once they have touched it, is theirs with its gaps.
        """
        if entry.model is not State or not changes:
            return {}
        versions = list(events_of(State).filter(pgh_obj_id=self.found[entry.uuid].pk).values(*changes))
        return {name: value for name, value in changes.items() if not any(one[name] for one in versions)}

    def _update(self, entry: Entry, changes: dict[str, Any]) -> str:
        record: Any = self.found[entry.uuid]
        if not changes:
            return "unchanged"
        if isinstance(record, PolicySubmission):
            self.found[entry.uuid] = correct_policy(policy=record, changes=changes, by=LOADER, reason=REASON)
        else:
            for name, value in changes.items():
                setattr(record, name, value)
            curate(record, by=LOADER, reason=REASON)
        return "updated"

    def _create(self, entry: Entry) -> str:
        linked = {name: self._linked(entry, name) for name in entry.links}
        fields: dict[str, Any] = {"uuid": entry.uuid, **linked, **entry.values}
        if entry.model is PolicySubmission:
            self.found[entry.uuid] = compile_policy(by=LOADER, reason=REASON, **fields)
        elif entry.model is PolicyTranslation:
            self.found[entry.uuid] = set_translation(by=LOADER, reason=REASON, **fields)
        else:
            self.found[entry.uuid] = curate(entry.model(**fields), by=LOADER, reason=REASON)
        return "created"
