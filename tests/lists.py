"""Lists of contacts as the Secretariat would hand them in, made cell by cell."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from openpyxl import Workbook

HEADINGS = (
    *("State", "Full name", "Official position", "Institution", "E-mail address", "Category"),
    *("Reference of the note verbale", "Date of the note verbale", "Telephone"),
)
ANA = {
    "State": "Chile",
    "Full name": "Ana Ejemplo",
    "Official position": "Head of unit",
    "Institution": "Ministry of Tests",
    "E-mail address": "ana.ejemplo@example.org",
    "Category": "Cyber policy",
    "Reference of the note verbale": "NV 1/2026",
    "Date of the note verbale": "2026-01-15",
    "Telephone": "",
}
BETO = ANA | {
    "Full name": "Beto Otro",
    "E-mail address": "beto.otro@example.org",
    "Reference of the note verbale": "NV 2/2026",
    "Telephone": "2 2123 0002",
}


def cells(*rows: Mapping[str, Any], headings: Iterable[str] = HEADINGS) -> list[list[Any]]:
    names = list(headings)
    return [names, *([row.get(name, "") for name in names] for row in rows)]


def csv_of(rows: Iterable[Iterable[Any]], encoding: str = "utf-8", separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_of(rows: Iterable[Iterable[Any]], change: Callable[[Any], Any] = lambda sheet: None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    change(book.active)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_part(workbook: bytes, name: str, part: bytes | Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts put in the place of another, or added."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, part if isinstance(part, bytes) else part(old.read(name)))
    return content.getvalue()
