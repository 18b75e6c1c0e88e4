"""Points of contact as cards of an address book."""

import base64
from collections.abc import Iterator
from datetime import UTC

from django.utils.translation import gettext as _

from contacts.entries import Entry
from contacts.hours import hours_in_words

LONGEST_LINE = 75  # octets, by RFC 6350


def vcard(entry: Entry, source: str) -> str:
    """The entry as its viewer sees it, as vCard 4.0 (RFC 6350); `source` is where a newer one is to be had."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", *_properties(entry, source), "END:VCARD", ""]
    return "\r\n".join(map(_folded, lines))


def _properties(entry: Entry, source: str) -> Iterator[str]:
    contact, details = entry.contact, entry.details
    yield "PRODID:-//CBM portal//vCard 4.0//EN"
    yield "KIND:individual"
    yield f"UID:urn:uuid:{contact.uuid}"
    yield f"REV:{contact.updated_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"SOURCE:{source}"
    yield f"FN:{_text(contact.full_name)}"
    # Which part of a name is the family's, the portal does not know.
    yield f"N:{_text(contact.full_name)};;;;"
    yield f"TITLE:{_text(details['position'])}"
    yield f"ROLE:{_text(contact.get_category_display())}"
    if institution := details.get("institution"):
        yield f"ORG:{_text(institution.name)}"
    yield f"ADR;TYPE=work:;;;;;;{_text(contact.state.name)}"
    yield from _addresses(entry)
    for place, code in enumerate(details.get("languages", []), 1):
        yield f"LANG;PREF={place}:{code}"
    if entry.zone:
        yield f"TZ:{entry.zone.key}"
    if key := details.get("pgp_key"):
        yield f"KEY:data:application/pgp-keys;base64,{base64.b64encode(key.encode()).decode()}"
    yield from (f"NOTE:{_text(note)}" for note in _notes(entry))


def _addresses(entry: Entry) -> Iterator[str]:
    """How to reach the office, the best way first."""
    details = entry.details
    for place, (name, kind) in enumerate((("phone", "voice"), ("mobile", "cell")), 1):
        if number := details.get(name):
            yield f'TEL;VALUE=uri;PREF={place};TYPE="work,{kind}":tel:{number}'
    for place, name in enumerate(("mailbox", "email"), 1):
        if address := details.get(name):
            yield f"EMAIL;PREF={place};TYPE=work:{_text(address)}"


def _notes(entry: Entry) -> Iterator[str]:
    contact, details = entry.contact, entry.details
    if contact.ended_on:
        yield entry.end
    if contact.do_not_use:
        yield _("Do not use this contact: %(reason)s") % {"reason": contact.do_not_use_reason}
    if hours := details.get("duty_hours"):
        yield _("Duty hours in %(place)s time: %(hours)s") % {
            "place": entry.place,
            "hours": hours_in_words(hours),
        }
    if entry.deputy:
        yield _("Deputy: %(deputy)s") % {"deputy": entry.deputy}
    yield entry.confirmation


def _text(value: str) -> str:
    for mark in ("\\", ",", ";"):
        value = value.replace(mark, f"\\{mark}")
    return value.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Long lines go on below, after a space, and no character is cut in two."""
    parts, part, size = [], "", 0
    for one in line:
        width = len(one.encode())
        if size + width > LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + one, size + width
    return "\r\n".join([*parts, part])
