"""What a cell says, once what spreadsheets do to texts and dates is undone; ValidationError says what is wrong."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.imports.tables import Cell

#: The mark before what a spreadsheet would calculate, as the portal's own exports set it, and before digits.
MARK = re.compile(r"""^'(?=[0-9])|(^|[,;\t\r\n]"*)'(?=[=+\-@\t\r])""")
#: Python would take some control characters for blanks too, and nobody would learn of them.
AROUND = " \t\r\n\u00a0"
BLANKS = re.compile(r"[ \u00a0\u2000-\u200b\u202f]+")
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", re.ASCII)


def text_in(cell: Cell) -> str:
    if cell.trouble:
        raise ValidationError(cell.trouble)
    if not isinstance(cell.value, str):
        says = _("The spreadsheet has made a date of this. Make the cell one of text, and write it again.")
        raise ValidationError(says, code="date")
    return cleaned(cell.value)


def cleaned(text: str) -> str:
    unmarked = MARK.sub(lambda found: found.group(1) or "", text.strip(AROUND))
    return BLANKS.sub(" ", unicodedata.normalize("NFC", unmarked)).strip(AROUND)


def date_in(cell: Cell) -> date | None:
    if not cell.trouble and isinstance(cell.value, date):
        return cell.value
    text = text_in(cell)
    if not text:
        return None
    days = list(dict.fromkeys(_days(text)))
    if len(days) == 1:
        return days[0]
    if days:
        says = _("“%(text)s” can be read in two ways. Write %(first)s or %(second)s.")
        raise ValidationError(
            says % {"text": text, "first": days[0].isoformat(), "second": days[1].isoformat()},
            code="ambiguous",
        )
    says = _("“%(text)s” is not read as a date. Write it like 2025-04-03.")
    raise ValidationError(says % {"text": text}, code="date")


def _days(text: str) -> Iterator[date]:
    """Every day that the text may mean, the day before the month first."""
    if found := ISO_DAY.fullmatch(text):
        yield from _day(found[1], found[2], found[3])
    elif found := DAY_OR_MONTH_FIRST.fullmatch(text):
        yield from _day(found[4], found[3], found[1])
        yield from _day(found[4], found[1], found[3])


def _day(year: str, month: str, day: str) -> Iterator[date]:
    try:
        yield date(int(year), int(month), int(day))
    except ValueError:
        return
