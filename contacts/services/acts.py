"""Nominations, replacements and removals: each step is one transaction, and of two who take it one wins."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cbmportal.dates import day, day_and_time
from cbmportal.history.changes import history_of
from cbmportal.history.services import StaleRecord, change, only, recorded, store
from contacts.access import Viewer, require, require_reason
from contacts.access.invitations import offer_account
from contacts.models import ActKind, ActStage, FormalAct, PointOfContact, SignedNote, State
from contacts.models.acts import EDITABLE, OPEN
from contacts.news import told
from contacts.notices import (
    ACT_ACCEPTED,
    ACT_DRAFTED,
    ACT_EDITED,
    ACT_RETURNED,
    ACT_SUBMITTED,
    ACT_WITHDRAWN,
    NOTE_ATTACHED,
)
from contacts.scans import Scan

#: What the office keeps when its official changes and the institution stays.
OF_THE_OFFICE = ("mailbox", "mailbox_audience", "duty_hours", "time_zone", "duty_audience")


# The state's part -----------------------------------------------------------------------------------------


def draft_act(
    *, state: State, kind: ActKind, by: Viewer, outgoing: PointOfContact | None = None, **fields: Any
) -> FormalAct:
    """Begin a nomination, replacement or removal. Nothing in the directory changes before it is accepted."""
    require(by.may_edit(state) and not by.secretariat)
    with recorded(by=by):
        return told(ACT_DRAFTED, _draft(state, kind, outgoing, fields, by), by=by)


def _draft(
    state: State, kind: ActKind, outgoing: PointOfContact | None, fields: Mapping[str, Any], by: Viewer
) -> FormalAct:
    only(fields, FormalAct.IN_THE_NOTE)
    act = FormalAct(state=state, kind=kind, outgoing=outgoing, **fields)
    if outgoing is not None:
        act.category = _in_office(outgoing).category
    return store(act, by=by)


def edit_act(
    *, act: FormalAct, changes: Mapping[str, Any], by: Viewer, version: int | None = None
) -> FormalAct:
    """Change what the note says; a note that was signed before no longer fits, and a new one is needed."""
    require(by.may_edit(act.state_id) and not by.secretariat)
    only(changes, FormalAct.IN_THE_NOTE)
    with recorded(by=by):
        current = _locked(act, *EDITABLE)
        same = all(getattr(current, name) == value for name, value in changes.items())
        void = {} if same else {"stage": ActStage.DRAFT, "note": None}
        return told(ACT_EDITED, change(current, {**changes, **void}, by=by, version=version), by=by)


def attach_note(
    *,
    act: FormalAct,
    scan: Scan,
    reference: str,
    dated: date,
    by: Viewer,
    reason: str = "",
    version: int | None = None,
) -> FormalAct:
    """Keep the signed note with its act; an earlier scan stays, and this one stands."""
    require(by.may_edit(act.state_id))
    require_reason(by, reason)
    with recorded(by=by, reason=reason):
        current = _locked(act, *EDITABLE)
        note = _kept(current, scan, by)
        changes = {
            "stage": ActStage.NOTE_ATTACHED,
            "note": note,
            "note_reference": reference,
            "note_date": dated,
        }
        return told(NOTE_ATTACHED, change(current, changes, by=by, reason=reason, version=version), by=by)


def _kept(act: FormalAct, scan: Scan, by: Viewer) -> SignedNote:
    number = act.signed_notes.count() + 1
    note = SignedNote(
        state_id=act.state_id,
        act=act,
        number=number,
        name=scan.name,
        media_type=scan.media_type,
        size=scan.size,
        sha256=scan.sha256,
        content=scan.content,
    )
    return store(note, by=by)


def submit_act(
    *,
    act: FormalAct,
    by: Viewer,
    reason: str = "",
    received_how: str = "",
    at: datetime | None = None,
    version: int | None = None,
) -> FormalAct:
    """Hand it to the Secretariat: its designating authority, or the Secretariat for a note that came another way."""
    require(by.may_designate(act.state_id))
    require_reason(by, reason)
    with recorded(by=by, reason=reason):
        current = _locked(act, ActStage.NOTE_ATTACHED)
        if current.outgoing:
            _in_office(current.outgoing)
        changes = {
            "stage": ActStage.SUBMITTED,
            "submitted_at": at or timezone.now(),
            "submitted_by_id": by.user_id,
            "on_behalf": by.secretariat,
            "received_how": received_how if by.secretariat else "",
            "comment": "",
        }
        return told(ACT_SUBMITTED, change(current, changes, by=by, reason=reason, version=version), by=by)


def withdraw_act(*, act: FormalAct, by: Viewer, version: int | None = None) -> FormalAct:
    """Give it up. What has been submitted, only a designating authority takes back."""
    require(by.may_edit(act.state_id) and not by.secretariat)
    with recorded(by=by):
        current = _locked(act, *OPEN)
        require(current.stage != ActStage.SUBMITTED or by.may_designate(act.state_id))
        changes = {"stage": ActStage.WITHDRAWN}
        return told(ACT_WITHDRAWN, change(current, changes, by=by, version=version), by=by)


# The Secretariat's part -----------------------------------------------------------------------------------


def return_act(*, act: FormalAct, comment: str, by: Viewer, version: int | None = None) -> FormalAct:
    """Give it back, saying what is missing; the directory stays as it is."""
    require(by.secretariat and by.may_write)
    if not comment.strip():
        raise ValidationError({"comment": _("Say what the state should complete.")})
    with recorded(by=by, reason=comment):
        current = _locked(act, ActStage.SUBMITTED)
        changes = {"stage": ActStage.RETURNED, "comment": comment, **_decided(by, None)}
        return told(ACT_RETURNED, change(current, changes, by=by, reason=comment, version=version), by=by)


def accept_act(
    *, act: FormalAct, by: Viewer, at: datetime | None = None, version: int | None = None
) -> FormalAct:
    """Let it take effect: in one transaction the outgoing contact ends and the incoming one is in the directory."""
    require(by.secretariat and by.may_write)
    with recorded(by=by, reason=_note_in_words(act)):
        current = _locked(act, ActStage.SUBMITTED)
        if version is not None and version != current.version:
            raise StaleRecord(current)
        return _take_effect(current, by, _note_in_words(current), at or timezone.now())


def enter_act(
    *,
    state: State,
    kind: ActKind,
    scan: Scan,
    received_how: str,
    by: Viewer,
    reason: str,
    outgoing: PointOfContact | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> FormalAct:
    """A note that came to the Secretariat by another way than the portal, from draft to acceptance at once."""
    require(by.secretariat and by.may_write)
    require_reason(by, reason)
    now = at or timezone.now()
    with recorded(by=by, reason=reason):
        act = _draft(state, kind, outgoing, fields, by)
        if not act.note_reference or act.note_date is None:
            missing = {
                name: _("Give this as it stands on the note.") for name in ("note_reference", "note_date")
            }
            raise ValidationError({name: said for name, said in missing.items() if not getattr(act, name)})
        with_note = {"note": _kept(act, scan, by), "stage": ActStage.NOTE_ATTACHED}
        submitted = {
            "stage": ActStage.SUBMITTED,
            "submitted_at": now,
            "submitted_by_id": by.user_id,
            "on_behalf": True,
            "received_how": received_how,
        }
        for step in (with_note, submitted):
            act = change(act, step, by=by, reason=reason)
        return _take_effect(act, by, reason, now)


def _take_effect(act: FormalAct, by: Viewer, reason: str, at: datetime) -> FormalAct:
    incoming = _incoming(act, at) if act.kind != ActKind.REMOVAL else None
    if act.outgoing:
        ended = {"ended_on": at.date(), "end_reason": act.stated_reason or _note_in_words(act)}
        change(_in_office(act.outgoing), ended, by=by, reason=reason)
    if incoming is not None:
        store(incoming, by=by, reason=reason)
    changes = {"stage": ActStage.ACCEPTED, "contact": incoming, "comment": "", **_decided(by, at)}
    accepted = told(ACT_ACCEPTED, change(act, changes, by=by, reason=reason), by=by)
    if incoming is not None:
        offer_account(contact=incoming, by=by, at=at)
    return accepted


def _incoming(act: FormalAct, at: datetime) -> PointOfContact:
    """The entry that the act brings; the state has just said that it is true."""
    contact = PointOfContact(
        state=act.state,
        category=act.category,
        **{name: getattr(act, name) for name in FormalAct.NOMINEE},
        note_reference=act.note_reference,
        note_date=act.note_date,
        designated_on=min(act.note_date or at.date(), at.date()),
        time_zone=act.state.time_zone,
        confirmed_at=act.submitted_at,
        confirmed_by=act.submitted_by,
    )
    if act.outgoing and act.outgoing.institution_id == act.institution_id:
        for name in OF_THE_OFFICE:
            setattr(contact, name, getattr(act.outgoing, name))
    return contact


def _decided(by: Viewer, at: datetime | None) -> dict[str, Any]:
    return {"decided_at": at or timezone.now(), "decided_by_id": by.user_id}


def _note_in_words(act: FormalAct) -> str:
    """In the language of the note: it becomes a part of the state's own entry."""
    with override("pt-br" if act.note_language == "pt" else act.note_language):
        said = {"reference": act.note_reference, "date": day(act.note_date) if act.note_date else ""}
        return _("Note verbale %(reference)s of %(date)s") % said


# What guards every step -----------------------------------------------------------------------------------


def _locked(act: FormalAct, *stages: ActStage) -> FormalAct:
    """The row as it is now, under its lock; whoever comes second is told who was first."""
    rows = FormalAct.objects.select_related("state", "outgoing__institution", "institution")
    current: FormalAct = rows.select_for_update(of=("self",)).get(pk=act.pk)
    if current.stage not in stages:
        last = history_of(current)[0]
        raise ValidationError(
            _("This is now “%(stage)s”: %(person)s did that on %(when)s. Nothing was done now."),
            code="stage",
            params={
                "stage": current.get_stage_display(),
                "person": last.actor,
                "when": day_and_time(last.at),
            },
        )
    return current


def _in_office(contact: PointOfContact) -> PointOfContact:
    current: PointOfContact = PointOfContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if not current.is_active:
        raise ValidationError(
            {"outgoing": _("This contact has ended and can no longer be changed.")}, code="ended"
        )
    return current


def removes_the_last(act: FormalAct) -> bool:
    """Whether this is a removal after which its state has nobody in office for the category."""
    return act.kind == ActKind.REMOVAL and act.outgoing is not None and is_last_of_its_category(act.outgoing)


def is_last_of_its_category(contact: PointOfContact) -> bool:
    """Whether the state would have nobody in office for this category without this contact."""
    others = PointOfContact.objects.active().filter(state=contact.state_id, category=contact.category)
    return contact.is_active and not others.exclude(pk=contact.pk).exists()
