"""The directory on paper: what templates/print/directory.typ shows, in the reader's language."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cbmportal.accounts.models import User
from cbmportal.dates import day_and_time
from cbmportal.forms import telephone_in_words
from cbmportal.language import reader_language
from contacts.access import Viewer, states_represented
from contacts.entries import Entry
from contacts.hours import hours_in_short

Fact = tuple[str, str]


def head(viewer: Viewer, reader: User | AnonymousUser, made: datetime, count: int) -> dict[str, Any]:
    """What stands above the entries, and on every page."""
    with timezone.override(UTC):
        moment = f"{day_and_time(made)} UTC"
    entries = ngettext("%(count)d point of contact", "%(count)d points of contact", count)
    return {
        "language": reader_language(),
        "title": _("Directory of points of contact"),
        "about": [
            _(
                "The points of contact that the states have designated for cyber policy and foreign affairs."
                " For members only: do not pass details on."
            ),
            _("Printed for %(person)s. As recorded on %(moment)s; details change at any time.")
            % {"person": reader, "moment": moment},
            _("As seen by: %(who)s") % {"who": _seen_by(viewer)} + " · " + entries % {"count": count},
        ],
        "made": _("As recorded on %(moment)s.") % {"moment": moment},
        "past": _("Past points of contact"),
        "warning": _("Do not use this contact"),
    }


def _seen_by(viewer: Viewer) -> str:
    if viewer.secretariat:
        return _("Technical Secretariat (CICTE)")
    states = ", ".join(state.name for state in states_represented(viewer))
    return states or _("Members of the directory")


def printed(entry: Entry) -> dict[str, Any]:
    contact, details = entry.contact, entry.details
    institution = details.get("institution")
    past = [] if contact.is_active else [contact.state.name, entry.end]
    return {
        "state": contact.state.name,
        "ended": not contact.is_active,
        "name": contact.full_name,
        "category": contact.get_category_display(),
        "about": [details["position"], *([institution.name] if institution else []), *past],
        "warning": contact.do_not_use_reason if contact.do_not_use else None,
        "numbers": _given(_numbers(entry)),
        "facts": _given(_facts(entry)),
    }


def _given(facts: Iterator[Fact]) -> list[Fact]:
    return [(capfirst(label), value) for label, value in facts if value]


def _numbers(entry: Entry) -> Iterator[Fact]:
    yield _("Telephone"), telephone_in_words(entry.details.get("phone", ""))
    yield _("Mobile"), telephone_in_words(entry.details.get("mobile", ""))


def _facts(entry: Entry) -> Iterator[Fact]:
    details = entry.details
    yield pgettext("mailbox", "Office"), details.get("mailbox", "")
    yield _("E-mail"), details.get("email", "")
    if entry.tells_hours:
        yield _("Duty hours"), f"{hours_in_short(details['duty_hours'])} ({entry.place})"
    yield _("Speaks"), ", ".join(entry.languages)
    yield _("Deputy"), entry.deputy
    yield _("PGP fingerprint"), " ".join(entry.fingerprint)
    yield _("Confirmation"), entry.confirmation
