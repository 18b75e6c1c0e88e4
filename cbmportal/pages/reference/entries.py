"""What the files say, as the records they describe. Nothing here touches the database."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.core.exceptions import ValidationError

from cbmportal.history.models import Record
from cbmportal.pages.reference.files import Files, ReferenceDataError, Row, rows
from contacts.models import Participation, State
from contacts.models.words import ParticipationStatus
from measures.models import Evidence, FigureKind, Measure, MeasureText, Milestone, ReportedFigure, TextStatus
from policies.models import (
    DateKind,
    DocumentKind,
    GlossaryTerm,
    GlossaryTopic,
    LegalStatus,
    PolicySubmission,
    PolicyTranslation,
    SourceGrade,
    Standing,
)

# The outside names of loaded records follow from their keys: so each is found again, whatever became of it.
NAMESPACE = uuid.UUID("5c1d1b0e-7a0f-5e0b-9a5f-2f4f6c9f5a17")
LANGUAGES = ("en", "es", "pt", "fr")
EVIDENCE = {1: Evidence.POLICIES, 2: Evidence.CYBER_POLICY, 3: Evidence.FOREIGN_AFFAIRS}


@dataclass
class Entry:
    """One record as a file describes it. `links` name other entries by their outside names."""

    model: type[Record]
    row: Row
    natural: tuple[str, ...]
    key: str
    values: dict[str, Any]
    links: dict[str, uuid.UUID] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def uuid(self) -> uuid.UUID:
        return name_of(self.model, self.key)

    def check(self) -> None:
        """What the model's fields say to the values, told of the columns they came from."""
        try:
            self.model(**self.values).clean_fields(exclude=["uuid", "ref", *self.links, *self._unset()])
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.row.refuse(self.columns.get(name, name), " ".join(messages))

    def _unset(self) -> set[str]:
        return {one.name for one in self.model._meta.concrete_fields} - set(self.values)


def name_of(model: type[Record], key: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{model._meta.label_lower}:{key}")


def read(files: Files) -> list[Entry]:
    """All entries, each after those it refers to; ReferenceDataError if anything at all is wrong."""
    problems: list[str] = []
    entries: list[Entry] = []
    for name, (columns, describe) in DESCRIPTIONS.items():
        for row in rows(name, files, columns, problems):
            entries.extend(describe(row))
    _check(entries, problems)
    if problems:
        raise ReferenceDataError(problems)
    return _in_order(entries)


def _check(entries: list[Entry], problems: list[str]) -> None:
    known: dict[uuid.UUID, Entry] = {}
    for entry in entries:
        first = known.setdefault(entry.uuid, entry)
        if first is not entry:
            entry.row.refuse(entry.natural[0], f"this is already in row {first.row.number}.")
    if problems:
        return
    for entry in entries:
        entry.check()
        for name, target in entry.links.items():
            if target not in known:
                entry.row.refuse(entry.columns[name], "no such entry in the files.")
        _check_successor(entry, known)


def _check_successor(entry: Entry, known: dict[uuid.UUID, Entry]) -> None:
    successor = known.get(entry.links.get("superseded_by", entry.uuid), entry)
    if successor.links.get("state") != entry.links.get("state"):
        entry.row.refuse("superseded_by_key", "the successor must be a document of the same state.")
    if "superseded_by" in entry.links and entry.values["legal_status"] not in ("superseded", "repealed"):
        entry.row.refuse("superseded_by_key", "only a superseded or repealed document has a successor.")


def _in_order(entries: list[Entry]) -> list[Entry]:
    by_name = {entry.uuid: entry for entry in entries}
    sorter = TopologicalSorter({entry.uuid: list(entry.links.values()) for entry in entries})
    try:
        return [by_name[name] for name in sorter.static_order()]
    except CycleError as error:
        first = by_name[error.args[1][0]]
        column = "superseded_by_key"
        raise ReferenceDataError(
            [f"{first.row.file}, row {first.row.number}, column {column}: documents supersede each other."]
        ) from error


def _state(row: Row, column: str) -> dict[str, uuid.UUID]:
    return {"state": name_of(State, row.needed(column))}


def _per_language(row: Row, *names: str) -> dict[str, Any]:
    return {f"{name}_{language}": row.text(f"{name}_{language}") for name in names for language in LANGUAGES}


# One function a file ---------------------------------------------------------------------------------------


def state(row: Row) -> Iterator[Entry]:
    same = ("iso3", "iso2", "capital", "time_zone", "foreign_ministry", "foreign_ministry_website")
    values: dict[str, Any] = {name: row.text(name) for name in same}
    values |= _per_language(row, "name", "formal_name")
    values["official_languages"] = row.parts("official_languages", "|")
    values["joined_year"] = row.number_in("joined_year")
    yield Entry(State, row, ("iso3",), row.needed("iso3"), values)


def participation(row: Row) -> Iterator[Entry]:
    begins, ends = row.day("from_date"), row.day_or_none("until_date")
    values = {
        "status": row.choice("status", ParticipationStatus),
        "from_date": begins,
        "until_date": ends,
        "note": row.text("note"),
    }
    if ends and ends <= begins:
        row.refuse("until_date", "participation must end after it begins.")
    key = f"{row.text('iso3')}:{row.text('from_date')}"
    columns = {"state": "iso3"}
    yield Entry(Participation, row, ("state", "from_date"), key, values, _state(row, "iso3"), columns)


def measure(row: Row) -> Iterator[Entry]:
    number = row.number_in("number")
    same = ("adopting_resolution", "cicte_resolution", "proposing_body")
    values = {name: row.text(name) for name in same} | {
        "number": number,
        "evidence": EVIDENCE.get(number, Evidence.ACTIVITIES),
        "adopted_on": row.day("adopted_on"),
    }
    yield Entry(Measure, row, ("number",), str(number), values)
    for language in LANGUAGES:
        columns = {name: f"{name}_{language}" for name in ("short", "text", "explanation")}
        wording: dict[str, Any] = {name: row.text(column) for name, column in columns.items()}
        # The Working Group's overview is in Spanish; the other languages are translations of it.
        status = TextStatus.OFFICIAL if language == "es" else TextStatus.TRANSLATION
        wording |= {"language": language, "edition": 1, "status": status}
        natural = ("measure", "language", "edition")
        links = {"measure": name_of(Measure, str(number))}
        yield Entry(MeasureText, row, natural, f"{number}:{language}:1", wording, links, columns)


def milestone(row: Row) -> Iterator[Entry]:
    values = _per_language(row, "title", "note") | {
        "date": row.partial_date("date", "date_precision"),
        "end_date": row.partial_date("end_date", "date_precision"),
        "reference": row.text("reference"),
    }
    key = f"{row.text('date')}:{row.text('title_en')}"
    yield Entry(Milestone, row, ("date", "title_en"), key, values)


def reported_figure(row: Row) -> Iterator[Entry]:
    values = {
        "date": row.day("date"),
        "figure": row.choice("figure", FigureKind),
        "value": row.number_in("value"),
        "source": row.text("source"),
    }
    yield Entry(ReportedFigure, row, ("date", "figure"), f"{row.text('date')}:{row.text('figure')}", values)


def glossary_term(row: Row) -> Iterator[Entry]:
    values = _per_language(row, "term", "definition")
    values |= {f"synonyms_{language}": row.parts(f"synonyms_{language}", "|") for language in LANGUAGES}
    values |= {"key": row.text("key"), "topic": row.choice("topic", GlossaryTopic)}
    yield Entry(GlossaryTerm, row, ("key",), row.needed("key"), values)


def policy(row: Row) -> Iterator[Entry]:
    key = row.needed("key")
    values = _policy_values(row)
    links = _state(row, "state")
    if successor := row.text("superseded_by_key"):
        links["superseded_by"] = name_of(PolicySubmission, successor)
    columns = {
        "source_key": "key",
        "responsible_institutions": "institutions",
        "citation": "source",
        "in_force_from": "date",
        "superseded_by": "superseded_by_key",
        "state": "state",
    }
    yield Entry(PolicySubmission, row, ("source_key",), key, values, links, columns)
    yield from _translation(row)


def _policy_values(row: Row) -> dict[str, Any]:
    date = row.partial_date("date", "date_precision")
    date_kind = row.choice("date_kind", DateKind, blank=not date)
    source = row.needed("source")
    return {name: row.text(name) for name in ("title", "language", "description", "link", "notes")} | {
        "source_key": row.text("key"),
        "kind": row.choice("kind", DocumentKind),
        "responsible_institutions": row.parts("institutions", ";"),
        "date": date,
        "date_kind": date_kind,
        "in_force_from": date if date_kind == DateKind.ENTRY_INTO_FORCE else "",
        "legal_status": row.choice("legal_status", LegalStatus),
        "legal_status_inferred": row.text("legal_status_basis") == "inferred",
        # Where it was seen is told in any case; a link to the document itself comes before it.
        "citation": "" if source == row.text("link") else source,
        "source_grade": row.choice("source_grade", SourceGrade),
    }


def _translation(row: Row) -> Iterator[Entry]:
    if row.text("language") == "en" or not row.text("title_en"):
        return
    standing = Standing.OFFICIAL if row.text("title_en_is") == "official" else Standing.COURTESY
    values = {
        "language": "en",
        "title": row.text("title_en"),
        "description": row.text("description_en"),
        "standing": standing,
    }
    links = {"policy": name_of(PolicySubmission, row.text("key"))}
    columns = {"title": "title_en", "description": "description_en", "policy": "key"}
    yield Entry(
        PolicyTranslation, row, ("policy", "language"), f"{row.text('key')}:en", values, links, columns
    )


def _in_four(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}_{language}" for name in names for language in ("es", "en", "pt", "fr"))


STATE_COLUMNS = (
    *("iso3", "iso2", "name_en", "name_es", "name_pt", "name_fr"),
    *(
        "formal_name_en",
        "formal_name_es",
        "formal_name_pt",
        "formal_name_fr",
        "official_languages",
        "capital",
    ),
    *("time_zone", "joined_year", "foreign_ministry", "foreign_ministry_website"),
)
MEASURE_COLUMNS = (
    *("number", *_in_four("short", "text", "explanation")),
    *("adopted_on", "adopting_resolution", "cicte_resolution", "proposing_body"),
)
MILESTONE_COLUMNS = (
    *("date", "end_date", "date_precision", *_in_four("title")),
    *("reference", *_in_four("note")),
)
GLOSSARY_COLUMNS = (
    "key",
    *(f"{name}_{language}" for name in ("term", "synonyms", "definition") for language in LANGUAGES),
    "topic",
)
POLICY_COLUMNS = (
    *("key", "state", "title", "language", "title_en", "title_en_is", "kind", "description"),
    *("description_en", "institutions", "date", "date_precision", "date_kind", "legal_status"),
    *("legal_status_basis", "superseded_by_key", "link", "source", "source_grade", "notes"),
)
DESCRIPTIONS: dict[str, tuple[tuple[str, ...], Callable[[Row], Iterator[Entry]]]] = {
    "member_states": (STATE_COLUMNS, state),
    "participation": (("iso3", "status", "from_date", "until_date", "note"), participation),
    "measures": (MEASURE_COLUMNS, measure),
    "milestones": (MILESTONE_COLUMNS, milestone),
    "reported_figures": (("date", "figure", "value", "source"), reported_figure),
    "glossary": (GLOSSARY_COLUMNS, glossary_term),
    "policies": (POLICY_COLUMNS, policy),
}
