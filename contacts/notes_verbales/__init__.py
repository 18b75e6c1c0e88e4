"""The note verbale of a formal act, as text and as a PDF ready to be signed and sealed.

What it says in each language stands whole in templates/notes_verbales/, where a diplomat can read it over: a note is
in its own language, whatever language the portal is read in.
"""

import io
import re
from tempfile import TemporaryFile
from typing import Any

import orjson
from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import override

from cbmportal.dates import day
from cbmportal.forms import telephone_in_words
from cbmportal.typesetting import typeset
from contacts.models import ActKind, Category, FormalAct, NoteIssuer
from contacts.notes_verbales.grammar import CATEGORIES, has_designated, has_ended, ministry, of_state

TEMPLATE = settings.BASE_DIR / "templates" / "print" / "note_verbale.typ"
#: The tag of each language, for documents and dates.
LOCALES = {"en": "en", "es": "es", "pt": "pt-br", "fr": "fr"}
TITLES = {"en": "Note verbale", "es": "Nota verbal", "pt": "Nota verbal", "fr": "Note verbale"}
REFERENCES = {"en": "No.", "es": "N.º", "pt": "N.º", "fr": "N°"}
SEALS = {"en": "Initials and seal", "es": "Rúbrica y sello", "pt": "Rubrica e selo", "fr": "Paraphe et sceau"}
#: Where something is still to be written by hand.
OPEN = "____________________"


def text_of(act: FormalAct, language: str) -> str:
    """The note in one of the four languages: paragraphs with a blank line between them, without its reference."""
    template = get_template(f"notes_verbales/{language}.txt")
    with override(LOCALES[language]):
        written = template.render(_said(act, language))
    paragraphs = (_tidy(part) for part in re.split(r"\n\s*\n", written))
    return "\n\n".join(filter(None, paragraphs))


def _tidy(paragraph: str) -> str:
    """Typed blanks and lines of the template are not the note's; the blank before a French colon, unbreakable, is."""
    lines = (re.sub("[ \t]+", " ", line).strip() for line in paragraph.splitlines())
    return "\n".join(filter(None, lines))


def _said(act: FormalAct, language: str) -> dict[str, Any]:
    name = act.state.formal_name_in(language)
    removal = act.kind == ActKind.REMOVAL
    said = {
        "of_state": of_state(name, language),
        "ministry": ministry(act.state, language),
        "state": name,
        "has": (has_ended if removal else has_designated)(name, language),
        "category": CATEGORIES[language][Category(act.category)],
        "outgoing": _person(act),
        "full_name": act.full_name,
        "position": act.position,
        "institution": act.institution.name if act.institution else "",
        "email": act.email,
        "phone": telephone_in_words(act.phone),
        "reason": act.stated_reason,
        "place": act.note_place or OPEN,
        "dated": day(act.note_date) or OPEN,
    }
    # Plain text: nothing in it is markup, and a template would write an apostrophe as HTML does.
    return {
        **{key: SafeString(text) for key, text in said.items()},
        "mission": act.issuer == NoteIssuer.PERMANENT_MISSION,
        "removal": removal,
        "replacement": act.kind == ActKind.REPLACEMENT,
    }


def _person(act: FormalAct) -> str:
    """Of the outgoing contact, as a note names an official."""
    return f"{act.outgoing.full_name}, {act.outgoing.position}" if act.outgoing else ""


def pdf_of(act: FormalAct, language: str, text: str = "") -> bytes:
    """The note on paper, with `text` if its state has worded it itself."""
    paragraphs = re.split(r"\n\s*\n", (text or text_of(act, language)).strip())
    said = {
        "language": language,
        "title": TITLES[language],
        "reference": f"{REFERENCES[language]} {act.note_reference or OPEN}",
        "paragraphs": [paragraph.splitlines() for paragraph in paragraphs],
        "seal": SEALS[language],
    }
    with TemporaryFile() as data, TemporaryFile() as document:
        data.write(orjson.dumps(said))
        data.seek(0, io.SEEK_SET)
        typeset(TEMPLATE, data, document)
        document.seek(0, io.SEEK_SET)
        return document.read()
