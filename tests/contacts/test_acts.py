"""Nominations, replacements and removals: who takes which step, what follows, and what is impossible."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cbmportal.accounts.models import User
from cbmportal.history.services import StaleRecord
from contacts.access import portal, viewer_of
from contacts.models import FormalAct, Institution, PointOfContact, SignedNote, State
from contacts.scans import Scan
from contacts.services import add_institution, end_contact
from contacts.services.acts import (
    accept_act,
    attach_note,
    draft_act,
    edit_act,
    enter_act,
    is_last_of_its_category,
    return_act,
    submit_act,
    withdraw_act,
)
from tests.conftest import CAST, Cast


def a_pdf() -> bytes:
    """The smallest that a parser reads as a page."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )
    written, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj%sendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(written)
    return written + b"xref\n0 4\n0000000000 65535 f \n" + table + end


PDF = a_pdf()
SCAN = Scan("note.pdf", "application/pdf", len(PDF), hashlib.sha256(PDF).hexdigest(), PDF)
NOMINEE: dict[str, Any] = {
    "full_name": "Berta Nueva",
    "position": "Director of Cyber Policy",
    "email": "berta.nueva@example.org",
}
DATED = date(2026, 5, 20)

Make = Callable[..., FormalAct]


@pytest.fixture
def replacement(ana: PointOfContact, delegate: User) -> FormalAct:
    """A draft: Berta is to follow Ana."""
    fields = {**NOMINEE, "institution": ana.institution}
    return draft_act(state=ana.state, kind="replacement", outgoing=ana, by=viewer_of(delegate), **fields)


@pytest.fixture
def submitted(replacement: FormalAct, delegate: User, designator: User) -> FormalAct:
    signed = sign(replacement, delegate)
    return submit_act(act=signed, by=viewer_of(designator))


def sign(act: FormalAct, by: User, **more: Any) -> FormalAct:
    return attach_note(act=act, scan=SCAN, reference="NV 7/2026", dated=DATED, by=viewer_of(by), **more)


def in_office(state: State) -> list[str]:
    return sorted(PointOfContact.objects.active().filter(state=state).values_list("full_name", flat=True))


# The whole way ---------------------------------------------------------------------------------------------


def test_the_outgoing_contact_stays_until_the_incoming_one_is_accepted(
    ana: PointOfContact, replacement: FormalAct, delegate: User, designator: User, officer: User
) -> None:
    by, chile = viewer_of(officer), ana.state
    assert in_office(chile) == ["Ana Ejemplo"]
    act = submit_act(act=sign(replacement, delegate), by=viewer_of(designator))
    act = return_act(act=act, comment="The note is not sealed.", by=by)
    assert (act.stage, act.comment, in_office(chile)) == (
        "returned",
        "The note is not sealed.",
        ["Ana Ejemplo"],
    )
    act = submit_act(act=sign(act, designator), by=viewer_of(designator))
    assert act.comment == ""
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    act = accept_act(act=act, by=by, at=now)
    assert in_office(chile) == ["Berta Nueva"]
    ana.refresh_from_db()
    berta = act.contact
    assert berta is not None
    assert (ana.ended_on, ana.end_reason) == (now.date(), "Note verbale NV 7/2026 of 20 May 2026")
    assert (berta.category, berta.position, berta.email) == (
        "cyber_policy",
        NOMINEE["position"],
        NOMINEE["email"],
    )
    assert (berta.note_reference, berta.note_date, berta.designated_on) == ("NV 7/2026", DATED, DATED)
    assert (berta.confirmed_by, berta.confirmed_at) == (designator, act.submitted_at)
    assert [note.number for note in act.signed_notes.order_by("number")] == [1, 2]
    assert act.note == act.signed_notes.get(number=2)


def test_the_office_keeps_its_mailbox_and_hours_and_the_person_takes_nothing_over(
    ana: PointOfContact, submitted: FormalAct, officer: User
) -> None:
    berta = accept_act(act=submitted, by=viewer_of(officer)).contact
    assert berta is not None
    assert (berta.mailbox, berta.duty_hours) == (ana.mailbox, ana.duty_hours)
    assert (berta.phone, berta.mobile, berta.deputy_name, berta.languages) == ("", "", "", [])


def test_in_another_institution_nothing_of_the_office_is_kept(
    ana: PointOfContact, delegate: User, designator: User, officer: User
) -> None:
    other = add_institution(state=ana.state, name="Another ministry", by=portal(), reason="test")
    act = draft_act(
        state=ana.state,
        kind="replacement",
        outgoing=ana,
        by=viewer_of(delegate),
        **NOMINEE,
        institution=other,
    )
    act = submit_act(act=sign(act, delegate), by=viewer_of(designator))
    berta = accept_act(act=act, by=viewer_of(officer)).contact
    assert berta is not None
    assert (berta.mailbox, berta.duty_hours, berta.time_zone) == ("", {}, ana.state.time_zone)


def test_a_nomination_adds_a_contact_beside_others(
    ana: PointOfContact, delegate: User, designator: User, officer: User
) -> None:
    act = draft_act(
        state=ana.state,
        kind="nomination",
        category="cyber_policy",
        by=viewer_of(delegate),
        institution=ana.institution,
        **NOMINEE,
    )
    accept_act(act=submit_act(act=sign(act, delegate), by=viewer_of(designator)), by=viewer_of(officer))
    assert in_office(ana.state) == ["Ana Ejemplo", "Berta Nueva"]


def test_a_removal_ends_the_contact_and_brings_none(
    ana: PointOfContact, delegate: User, designator: User, officer: User
) -> None:
    assert is_last_of_its_category(ana)
    act = draft_act(
        state=ana.state, kind="removal", outgoing=ana, by=viewer_of(delegate), stated_reason="Retired."
    )
    act = submit_act(act=sign(act, delegate), by=viewer_of(designator))
    accepted = accept_act(act=act, by=viewer_of(officer))
    ana.refresh_from_db()
    assert (accepted.contact, ana.end_reason, in_office(ana.state)) == (None, "Retired.", [])
    assert not is_last_of_its_category(ana)


def test_with_another_of_its_category_a_contact_is_not_the_last(
    ana: PointOfContact, make_contact: Callable[..., PointOfContact]
) -> None:
    make_contact(full_name="Carla Otra", category="foreign_affairs")
    assert is_last_of_its_category(ana)
    make_contact(full_name="Carla Otra")
    assert not is_last_of_its_category(ana)


def test_the_secretariat_enters_what_came_by_e_mail_and_the_record_says_so(
    ana: PointOfContact, officer: User
) -> None:
    act = enter_act(
        state=ana.state,
        kind="replacement",
        outgoing=ana,
        scan=SCAN,
        received_how="by e-mail of 21 May 2026",
        by=viewer_of(officer),
        reason="Note verbale received",
        note_reference="NV 8/2026",
        note_date=DATED,
        institution=ana.institution,
        **NOMINEE,
    )
    assert (act.stage, act.on_behalf, act.received_how, act.submitted_by) == (
        "accepted",
        True,
        "by e-mail of 21 May 2026",
        officer,
    )
    assert in_office(ana.state) == ["Berta Nueva"]
    assert act.signed_notes.get().sha256 == SCAN.sha256


@pytest.mark.parametrize(
    ("lacks", "field"),
    [
        ({"note_reference": ""}, "note_reference"),
        ({"note_date": None}, "note_date"),
        ({"reason": ""}, "reason"),
        ({"received_how": ""}, "__all__"),
        ({"note_date": date(2999, 1, 1)}, "note_date"),
    ],
)
def test_on_behalf_of_a_state_nothing_is_entered_by_halves(
    ana: PointOfContact, officer: User, lacks: dict[str, Any], field: str
) -> None:
    entered = {
        "received_how": "by e-mail",
        "reason": "received",
        "note_reference": "NV 8/2026",
        "note_date": DATED,
        **lacks,
    }
    with pytest.raises(ValidationError) as refused:
        enter_act(state=ana.state, kind="removal", outgoing=ana, scan=SCAN, by=viewer_of(officer), **entered)
    assert list(refused.value.message_dict) == [field]
    assert not FormalAct.objects.exists()
    assert not SignedNote.objects.exists()
    assert in_office(ana.state) == ["Ana Ejemplo"]


# Who may ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(CAST) - {"delegate", "designator"}))
def test_only_those_of_the_state_draft_change_and_give_up(
    cast: Cast, replacement: FormalAct, ana: PointOfContact, name: str
) -> None:
    viewer = cast.viewer(name)
    for refused in (
        lambda: draft_act(state=ana.state, kind="removal", outgoing=ana, by=viewer),
        lambda: edit_act(act=replacement, changes={"position": "X"}, by=viewer),
        lambda: withdraw_act(act=replacement, by=viewer),
    ):
        with pytest.raises(PermissionDenied):
            refused()


@pytest.mark.parametrize("name", sorted(set(CAST) - {"designator", "officer"}))
def test_only_a_designating_authority_submits_and_takes_back(
    cast: Cast, replacement: FormalAct, designator: User, delegate: User, name: str
) -> None:
    signed = sign(replacement, delegate)
    with pytest.raises(PermissionDenied):
        submit_act(act=signed, by=cast.viewer(name))
    submitted = submit_act(act=signed, by=viewer_of(designator))
    with pytest.raises(PermissionDenied):
        withdraw_act(act=submitted, by=cast.viewer(name))


@pytest.mark.parametrize("name", sorted(set(CAST) - {"officer"}))
def test_only_the_secretariat_decides(cast: Cast, submitted: FormalAct, name: str) -> None:
    viewer = cast.viewer(name)
    with pytest.raises(PermissionDenied):
        accept_act(act=submitted, by=viewer)
    with pytest.raises(PermissionDenied):
        return_act(act=submitted, comment="no", by=viewer)
    with pytest.raises(PermissionDenied):
        enter_act(state=submitted.state, kind="removal", scan=SCAN, received_how="x", by=viewer, reason="x")


@pytest.mark.parametrize("name", CAST)
def test_an_act_is_seen_by_its_state_and_the_secretariat(cast: Cast, submitted: FormalAct, name: str) -> None:
    sees = name in ("delegate", "designator", "officer")
    viewer = cast.viewer(name)
    assert FormalAct.objects.visible_to(viewer).exists() == sees
    assert SignedNote.objects.visible_to(viewer).exists() == sees


# What is impossible ----------------------------------------------------------------------------------------


def test_without_a_signed_note_nothing_is_submitted(replacement: FormalAct, designator: User) -> None:
    with pytest.raises(ValidationError, match="This is now “Draft”"):
        submit_act(act=replacement, by=viewer_of(designator))


def test_a_change_of_what_the_note_says_makes_the_signed_note_void(
    replacement: FormalAct, delegate: User
) -> None:
    signed = sign(replacement, delegate)
    same = edit_act(act=signed, changes={"position": signed.position}, by=viewer_of(delegate))
    assert same.stage == "note_attached"
    changed = edit_act(act=signed, changes={"position": "Minister"}, by=viewer_of(delegate))
    assert (changed.stage, changed.note) == ("draft", None)
    assert changed.signed_notes.count() == 1


def test_what_is_with_the_secretariat_is_not_changed_under_its_hands(
    submitted: FormalAct, delegate: User
) -> None:
    with pytest.raises(ValidationError, match="Submitted"):
        edit_act(act=submitted, changes={"position": "Minister"}, by=viewer_of(delegate))
    with pytest.raises(ValidationError, match="Submitted"):
        sign(submitted, delegate)


def test_one_contact_is_replaced_once_at_a_time(
    replacement: FormalAct, ana: PointOfContact, delegate: User
) -> None:
    by = viewer_of(delegate)
    with pytest.raises(ValidationError, match="under way"):
        draft_act(state=ana.state, kind="removal", outgoing=ana, by=by)
    withdraw_act(act=replacement, by=by)
    assert draft_act(state=ana.state, kind="removal", outgoing=ana, by=by).pk


def test_whoever_has_ended_is_not_replaced(
    ana: PointOfContact, submitted: FormalAct, officer: User, designator: User
) -> None:
    end_contact(contact=ana, on=date(2026, 5, 30), by=viewer_of(officer), reason="left")
    with pytest.raises(ValidationError, match="has ended"):
        accept_act(act=submitted, by=viewer_of(officer))
    submitted.refresh_from_db()
    assert (submitted.stage, in_office(ana.state)) == ("submitted", [])


def test_what_would_end_somebody_who_has_ended_is_not_even_submitted(
    ana: PointOfContact, replacement: FormalAct, officer: User, designator: User, delegate: User
) -> None:
    signed = sign(replacement, delegate)
    end_contact(contact=ana, on=date(2026, 5, 30), by=viewer_of(officer), reason="left")
    with pytest.raises(ValidationError, match="has ended"):
        submit_act(act=signed, by=viewer_of(designator))


def test_another_states_contact_or_institution_is_refused(
    ana: PointOfContact, neighbour: User, colombia: State, ministry: Institution
) -> None:
    by = viewer_of(neighbour)
    with pytest.raises(ValidationError) as refused:
        draft_act(state=colombia, kind="removal", outgoing=ana, by=by)
    assert "outgoing" in refused.value.message_dict
    with pytest.raises(ValidationError) as refused:
        draft_act(
            state=colombia,
            kind="nomination",
            category="cyber_policy",
            by=by,
            **NOMINEE,
            institution=ministry,
        )
    assert "institution" in refused.value.message_dict


def test_a_stale_decision_decides_nothing(submitted: FormalAct, officer: User) -> None:
    by = viewer_of(officer)
    for stale in (
        lambda: accept_act(act=submitted, by=by, version=submitted.version - 1),
        lambda: return_act(act=submitted, comment="x", by=by, version=submitted.version - 1),
    ):
        with pytest.raises(StaleRecord):
            stale()
    submitted.refresh_from_db()
    assert submitted.stage == "submitted"


@pytest.mark.parametrize("comment", ["", "  \n"])
def test_nothing_is_returned_without_a_word(submitted: FormalAct, officer: User, comment: str) -> None:
    with pytest.raises(ValidationError) as refused:
        return_act(act=submitted, comment=comment, by=viewer_of(officer))
    assert list(refused.value.message_dict) == ["comment"]


@pytest.mark.parametrize(
    "values",
    [
        {"stage": "accepted"},
        {"stage": "submitted"},
        {"stage": "returned"},
        {"stage": "nonsense"},
        {"kind": "removal"},
        {"kind": "nomination"},
        {"full_name": ""},
        {"institution": None},
        {"outgoing": None},
        {"on_behalf": True},
        {"stage": "note_attached"},
    ],
)
def test_the_database_itself_refuses_impossible_acts(replacement: FormalAct, values: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        FormalAct.objects.filter(pk=replacement.pk).update(**values)


def test_the_database_lets_no_act_begin_in_the_middle(replacement: FormalAct) -> None:
    replacement.pk, replacement.uuid = None, "00000000-0000-4000-8000-000000000001"  # type: ignore[assignment]
    replacement.stage, replacement.outgoing, replacement.kind = "withdrawn", None, "nomination"
    with pytest.raises(DatabaseError, match="begins as a draft"), transaction.atomic():
        replacement.save()


def test_what_is_accepted_stands(submitted: FormalAct, officer: User) -> None:
    accepted = accept_act(act=submitted, by=viewer_of(officer))
    for values in ({"stage": "draft"}, {"full_name": "Another"}, {"comment": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            FormalAct.objects.filter(pk=accepted.pk).update(**values)
    for rows in (FormalAct.objects.all(), SignedNote.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete("default")
    with pytest.raises(DatabaseError), transaction.atomic():
        SignedNote.objects.update(content=b"another")


def test_the_history_of_a_scan_holds_no_second_copy_of_it(submitted: FormalAct) -> None:
    assert not hasattr(submitted.signed_notes.get().events.get(), "content")


# Of two, one ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_who_accept_at_once_bring_one_contact(submitted: FormalAct, officer: User) -> None:
    by = viewer_of(officer)

    def accept(_number: int) -> str:
        try:
            return accept_act(act=submitted, by=by).stage
        except ValidationError as error:
            return str(error.code)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as crowd:
        outcomes = sorted(crowd.map(accept, range(20)))
    assert outcomes == ["accepted", *["stage"] * 19]
    assert in_office(submitted.state) == ["Berta Nueva"]
    assert PointOfContact.objects.count() == 2
    assert submitted.events.filter(stage="accepted").count() == 1


def test_whoever_comes_second_is_told_who_was_first(submitted: FormalAct, officer: User) -> None:
    by = viewer_of(officer)
    accept_act(act=submitted, by=by)
    with pytest.raises(ValidationError, match=f"“Accepted”: {officer.full_name} did that on"):
        return_act(act=submitted, comment="no", by=by)


# Who is told ------------------------------------------------------------------------------------------------


def test_each_step_is_told_to_those_whom_it_concerns(
    replacement: FormalAct,
    delegate: User,
    designator: User,
    officer: User,
    delivered: Callable[[], list[Any]],
) -> None:
    User.objects.update(notice_pace="at_once")

    def told() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for letter in delivered():
            found.setdefault(letter.to[0], []).append(letter.subject.rpartition(": ")[2])
        delivered().clear()
        return found

    told()
    act = sign(replacement, delegate)
    assert told() == {designator.email: ["signed note attached"]}
    act = submit_act(act=act, by=viewer_of(designator))
    assert told() == {delegate.email: ["submitted"], officer.email: ["submitted"]}
    act = return_act(act=act, comment="Not sealed.", by=viewer_of(officer))
    assert told() == {one.email: ["returned with a comment"] for one in (delegate, designator)}
    act = submit_act(act=sign(act, designator), by=viewer_of(designator))
    told()
    accept_act(act=act, by=viewer_of(officer), at=timezone.now() + timedelta(seconds=1))
    found = told()
    assert len(found.pop(act.email)) == 1, "an account is offered to the new contact"
    assert found == {one.email: ["accepted"] for one in (delegate, designator)}
