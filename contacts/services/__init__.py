"""What is written in the directory. Every function is one transaction with a trace, or nothing at all."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from cbmportal.accounts.models import User
from cbmportal.history.changes import UNDONE
from cbmportal.history.models import Record, events_of
from cbmportal.history.services import StaleRecord, change, only, recorded, remove, store
from contacts.access import Viewer, require, require_reason
from contacts.contact_mail import with_old_address_told
from contacts.models import Institution, Participation, PointOfContact, State
from contacts.models.words import CheckResult
from contacts.news import told
from contacts.notices import (
    CONTACT_CHANGED,
    CONTACT_CHECKED,
    CONTACT_CONFIRMED,
    CONTACT_CORRECTED,
    CONTACT_ENDED,
    CONTACT_NOT_TO_BE_USED,
    CONTACT_REGISTERED,
    CONTACT_USABLE_AGAIN,
    INSTITUTION_ADDED,
    INSTITUTION_CHANGED,
    PARTICIPATION_ENTERED,
)
from contacts.validators import read_pgp_key, refuse_overlap

AnyRecord = TypeVar("AnyRecord", bound=Record)


#: What the PGP key says of itself is stored beside it.
READ_FROM_THE_KEY = ("pgp_fingerprint", "pgp_expires_on")


def _with_pgp(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes, with what the PGP key among them says of itself."""
    if "pgp_key" not in changes:
        return dict(changes)
    text = changes["pgp_key"].strip()
    if not text:
        return {**changes, "pgp_key": "", "pgp_fingerprint": "", "pgp_expires_on": None}
    try:
        key = read_pgp_key(text)
    except ValidationError as error:
        raise ValidationError({"pgp_key": error}) from error
    return {**changes, "pgp_key": text, "pgp_fingerprint": key.fingerprint, "pgp_expires_on": key.expires_on}


# Points of contact ----------------------------------------------------------------------------------------


def register_contact(*, by: Viewer, reason: str, **fields: Any) -> PointOfContact:
    """Enter a contact that a state has designated by a note verbale; the Secretariat does so on its behalf."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    if not fields.get("note_reference"):
        raise ValidationError({"note_reference": _("Give the reference of the note verbale.")})
    fields.setdefault("time_zone", fields["state"].time_zone)
    with recorded(by=by, reason=reason):
        contact = store(PointOfContact(**_with_pgp(fields)), by=by, reason=reason)
        return told(CONTACT_REGISTERED, contact, by=by)


def change_contact_details(
    *,
    contact: PointOfContact,
    changes: Mapping[str, Any],
    by: Viewer,
    reason: str = "",
    version: int | None = None,
) -> PointOfContact:
    """Change what needs no nomination (`PointOfContact.DETAILS`), at once."""
    require(by.may_edit(contact.state_id))
    require_reason(by, reason)
    only(changes, PointOfContact.DETAILS)
    with recorded(by=by, reason=reason):
        old = _lock_active(contact).email
        changed = change(contact, _with_pgp(changes), by=by, reason=reason, version=version)
        return told(CONTACT_CHANGED, with_old_address_told(changed, old=old, by=by), by=by)


def as_changed(contact: PointOfContact, changes: Mapping[str, Any]) -> PointOfContact:
    """The entry as these changes would make it, to be looked at; nothing is written."""
    only(changes, PointOfContact.DETAILS)
    changed = copy(contact)
    for name, value in _with_pgp(changes).items():
        setattr(changed, name, value)
    return changed


@dataclass(frozen=True)
class ChangeOfDetails:
    """The newest change of an entry, if it was one of details, by somebody of the state."""

    actor: User
    at: datetime
    before: Mapping[str, Any]


def last_change_of_details(contact: PointOfContact) -> ChangeOfDetails | None:
    """What could be undone: None if something else has happened since, or if the Secretariat changed the entry."""
    events = list(events_of(PointOfContact).filter(pgh_obj=contact).order_by("-pgh_id")[:2])
    if len(events) < 2 or events[0].version != contact.version:
        return None
    newest, previous = events
    names = (*PointOfContact.DETAILS, *READ_FROM_THE_KEY)
    before = {
        name: getattr(previous, name) for name in names if getattr(previous, name) != getattr(newest, name)
    }
    metadata = newest.pgh_context or {}
    actor = User.objects.filter(pk=metadata.get("user") or 0, is_staff=False).first()
    if not before or actor is None:
        return None
    return ChangeOfDetails(actor, newest.pgh_created_at, before)


def undo_contact_details(*, contact: PointOfContact, by: Viewer, version: int) -> PointOfContact:
    """Put the details back as they were before the last change, if nothing has happened to the entry since."""
    require(by.may_edit(contact.state_id) and not by.secretariat)
    with recorded(by=by, reason=UNDONE):
        current = _lock_active(contact)
        if version != current.version:
            raise StaleRecord(current)
        last = last_change_of_details(current)
        if last is None:
            raise ValidationError(
                _(
                    "The last change of this entry was not a change of details by your state: it cannot be undone here."
                ),
                code="nothing_to_undo",
            )
        undone = change(current, last.before, by=by, reason=UNDONE)
        return told(CONTACT_CHANGED, with_old_address_told(undone, old=current.email, by=by), by=by)


def correct_contact(
    *, contact: PointOfContact, changes: Mapping[str, Any], by: Viewer, reason: str
) -> PointOfContact:
    """Correct what an entry says on the state's behalf, for a reason that the state will read."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    only(changes, (*PointOfContact.FORMAL, *PointOfContact.DETAILS))
    with recorded(by=by, reason=reason):
        old = PointOfContact.objects.select_for_update(of=("self",)).get(pk=contact.pk).email
        corrected = change(contact, _with_pgp(changes), by=by, reason=reason)
        return told(CONTACT_CORRECTED, with_old_address_told(corrected, old=old, by=by), by=by)


def confirm_contact(
    *,
    contact: PointOfContact,
    by: Viewer,
    reason: str = "",
    at: datetime | None = None,
    version: int | None = None,
) -> PointOfContact:
    """ "Nothing changed": the entry is true as it stands."""
    require(by.may_edit(contact.state_id))
    require_reason(by, reason)
    with recorded(by=by, reason=reason):
        _lock_active(contact)
        noted = {"confirmed_at": at or timezone.now(), "confirmed_by_id": by.user_id}
        confirmed = change(contact, noted, by=by, reason=reason, version=version)
        return told(CONTACT_CONFIRMED, confirmed, by=by)


def confirm_contacts(*, contacts: Iterable[PointOfContact], by: Viewer) -> list[PointOfContact]:
    """All of them, or none."""
    with transaction.atomic():
        return [confirm_contact(contact=contact, by=by) for contact in contacts]


def record_check(
    *, contact: PointOfContact, result: CheckResult, by: Viewer, reason: str, at: datetime | None = None
) -> PointOfContact:
    """Note how a communication check ended, and how it was made."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    with recorded(by=by, reason=reason):
        _lock_active(contact)
        noted = {"checked_at": at or timezone.now(), "check_result": result}
        return told(CONTACT_CHECKED, change(contact, noted, by=by, reason=reason), by=by)


def end_contact(*, contact: PointOfContact, on: date, by: Viewer, reason: str) -> PointOfContact:
    """End a designation; the entry stays, seen by its state and the Secretariat."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    with recorded(by=by, reason=reason):
        _lock_active(contact)
        ended = change(contact, {"ended_on": on, "end_reason": reason}, by=by, reason=reason)
        return told(CONTACT_ENDED, ended, by=by)


def mark_do_not_use(*, contact: PointOfContact, by: Viewer, reason: str) -> PointOfContact:
    """Warn everybody off a contact at once; either side may."""
    require(by.may_edit(contact.state_id))
    if not reason.strip():
        raise ValidationError({"do_not_use_reason": _("Say why the contact must not be used.")})
    with recorded(by=by, reason=reason):
        _lock_active(contact)
        warning = {"do_not_use": True, "do_not_use_reason": reason}
        return told(CONTACT_NOT_TO_BE_USED, change(contact, warning, by=by, reason=reason), by=by)


def lift_do_not_use(*, contact: PointOfContact, by: Viewer, reason: str = "") -> PointOfContact:
    require(by.may_edit(contact.state_id))
    require_reason(by, reason)
    with recorded(by=by, reason=reason):
        _lock_active(contact)
        nothing = {"do_not_use": False, "do_not_use_reason": ""}
        return told(CONTACT_USABLE_AGAIN, change(contact, nothing, by=by, reason=reason), by=by)


def _lock_active(contact: PointOfContact) -> PointOfContact:
    current: PointOfContact = PointOfContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if current.ended_on:
        raise ValidationError(_("This contact has ended and can no longer be changed."), code="ended")
    return current


# Institutions, states, participation ----------------------------------------------------------------------

INSTITUTION_FIELDS = ("name", "website", "mailbox", "phone", "address", "audience", "mailbox_audience")


def add_institution(*, state: State, by: Viewer, reason: str = "", **fields: Any) -> Institution:
    require(by.may_edit(state))
    require_reason(by, reason)
    only(fields, INSTITUTION_FIELDS)
    with recorded(by=by, reason=reason):
        institution = store(Institution(state=state, **fields), by=by, reason=reason)
        return told(INSTITUTION_ADDED, institution, by=by)


def change_institution(
    *,
    institution: Institution,
    changes: Mapping[str, Any],
    by: Viewer,
    reason: str = "",
    version: int | None = None,
) -> Institution:
    require(by.may_edit(institution.state_id))
    require_reason(by, reason)
    only(changes, INSTITUTION_FIELDS)
    with recorded(by=by, reason=reason):
        changed = change(institution, changes, by=by, reason=reason, version=version)
        return told(INSTITUTION_CHANGED, changed, by=by)


def set_participation(span: Participation, *, by: Viewer, reason: str) -> Participation:
    """Enter or correct the status of a state over a span of days; where two would overlap, the other is named."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    with recorded(by=by, reason=reason):
        State.objects.select_for_update().get(pk=span.state_id)
        refuse_overlap(span)
        return store(span, by=by, reason=reason)


def follow_participation(
    *, span: Participation, status: str, from_date: date, note: str = "", by: Viewer, reason: str
) -> Participation:
    """Close a span and begin the next status of that state on the same day."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    with recorded(by=by, reason=reason):
        if from_date <= span.from_date:
            raise ValidationError({"from_date": _("The next status begins after the present one.")})
        if span.until_date is None or span.until_date > from_date:
            span = change(span, {"until_date": from_date}, by=by, reason=reason)
        following = Participation(state=span.state, status=status, from_date=from_date, note=note)
        return set_participation(following, by=by, reason=reason)


# What the Secretariat keeps for all: states, participation, measures, glossary, milestones, figures ----------


def curate(record: AnyRecord, *, by: Viewer, reason: str) -> AnyRecord:
    """Enter or correct a record that no state submits, with a reason."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    with recorded(by=by, reason=reason):
        kept = store(record, by=by, reason=reason)
        if isinstance(kept, Participation):
            told(PARTICIPATION_ENTERED, kept, by=by)
        return kept


def discard(record: Record, *, by: Viewer, reason: str) -> None:
    """Take back such a record; its history stays. What other records refer to cannot be taken back."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    try:
        remove(record, by=by, reason=reason)
    except ProtectedError as error:
        raise ValidationError(
            _("Other entries refer to this one, so it cannot be taken back."), code="referred_to"
        ) from error
