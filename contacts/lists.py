"""Points of contact in long lists: what is fetched, read and written of each is what a list says, and no more."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language

from cbmportal.dates import ago, day, in_utc
from cbmportal.forms import telephone_to_call
from contacts.access import Viewer
from contacts.entries import Entry, freshness_in_words
from contacts.models import PointOfContact


@dataclass(frozen=True)
class ListedEntry(Entry):
    """A row as cbmportal/rows.py writes it, from a contact that was read by `listed()`."""

    #: As far as clocks on pages go, so that a row can be kept for that long.
    minute: datetime
    here: tzinfo
    with_state: bool

    @cached_property
    def details(self) -> dict[str, object]:
        return self.contact.as_seen_by(self.viewer, PointOfContact.IN_LISTS)

    @property
    def row_depends_on(self) -> Hashable:
        """The records as they are now, what the viewer is to this state, and where and when they read."""
        contact, office, state = self.contact, self.contact.institution, self.contact.state
        records = (
            *(contact.pk, contact.version, contact.updated_at),
            *(contact.institution_id, office.version, office.updated_at),
            *(contact.state_id, state.version, state.updated_at),
        )
        sight = (self.viewer.member, self.viewer.represents(contact.state_id))
        return records, sight, self.with_state, self.freshness, self.minute, str(self.here)

    @property
    def row(self) -> dict[str, str]:
        """The texts by the names that contacts/_contact.html gives them."""
        contact, details = self.contact, self.details
        texts = {
            name: str(details.get(name, ""))
            for name in ("position", "institution", "email", "mailbox", "phone", "mobile")
        }
        return {
            **texts,
            "name": contact.full_name,
            "address": contact.get_absolute_url(),
            "warning": contact.do_not_use_reason if contact.do_not_use else "",
            "state": contact.state.name if self.with_state else "",
            "category": contact.get_category_display(),
            "phone_in_words": telephone_to_call(texts["phone"]),
            "mobile_in_words": telephone_to_call(texts["mobile"]),
            "languages": ", ".join(self.languages),
            **self.office_row,
            **self._freshness_row(),
        }

    def _freshness_row(self) -> dict[str, str]:
        row = {"freshness": freshness_in_words(self.freshness, get_language()), "tone": self.tone}
        confirmed = self.contact.confirmed_at
        if confirmed is None:
            return row
        return {
            **row,
            "fresh": "fresh" if self.is_fresh else "",
            "confirmed": in_utc(confirmed),
            "ago": ago(confirmed, self.minute),
            "on": day(confirmed.astimezone(self.here).date()),
        }


def listed(
    contacts: Iterable[PointOfContact], viewer: Viewer, at: datetime, *, with_state: bool
) -> list[ListedEntry]:
    minute, here = at.replace(second=0, microsecond=0), timezone.get_current_timezone()
    return [ListedEntry(contact, viewer, at, minute, here, with_state) for contact in contacts]
