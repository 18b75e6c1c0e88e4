"""Lists as text: CSV as the spreadsheets of the region write it."""

import codecs
import csv
import io
from collections.abc import Iterator
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.imports.tables import Cell, Rows, Sheet, headings_of

SEPARATORS = (",", ";", "\t")
MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Where no mark says it: text that is not UTF-8 is nearly never read as UTF-8 without an error.
UNMARKED = ("utf-8", "windows-1252")


def sheet_of_text(content: bytes) -> Sheet:
    text = decoded(content)
    sheets = [Sheet(partial(_rows, text, separator)) for separator in SEPARATORS]
    return max(sheets, key=_headings)


def decoded(content: bytes) -> str:
    encodings = [name for mark, name in MARKED if content.startswith(mark)] or UNMARKED
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationError(
        _("This file is not text as spreadsheets write it. Save the list as “CSV UTF-8” or as XLSX."),
        code="not_text",
    )


def _headings(sheet: Sheet) -> int:
    """How many are found where the lines are cut so; cut in the wrong place they may be no lines at all."""
    try:
        found = headings_of(sheet)
    except ValidationError:
        return -1
    return len(found.found) if found else 0


def _rows(text: str, separator: str) -> Rows:
    for number, texts in enumerate(_records(text, separator), 1):
        if any(one.strip() for one in texts):
            yield number, [Cell(one) for one in texts]


def _records(text: str, separator: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        says = _("This file cannot be read as CSV; a quotation mark may be missing at the end of a cell.")
        raise ValidationError(says, code="csv") from error
