"""Writing in the directory: who may, what it leaves behind, and that nothing is half-written."""

from collections.abc import Callable, Collection
from datetime import date, datetime

import pysequoia
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cbmportal.accounts.models import User
from cbmportal.history.services import StaleRecord
from contacts.access import portal, viewer_of
from contacts.models import Category, Institution, PointOfContact, State
from contacts.services import (
    add_institution,
    change_contact_details,
    change_institution,
    confirm_contact,
    correct_contact,
    curate,
    discard,
    end_contact,
    lift_do_not_use,
    mark_do_not_use,
    record_check,
    register_contact,
)
from tests.conftest import CAST, Cast

STRANGERS = sorted(set(CAST) - {"delegate", "designator", "officer"})


def test_a_delegate_changes_details_at_once(ana: PointOfContact, delegate: User) -> None:
    changed = change_contact_details(contact=ana, changes={"phone": "+56221230009"}, by=viewer_of(delegate))
    assert PointOfContact.objects.get().phone == changed.phone == "+56221230009"
    event = ana.events.latest("pgh_id")
    assert (event.phone, event.pgh_context) == (
        "+56221230009",
        {"user": delegate.pk, "via": "page", "reason": ""},
    )


@pytest.mark.parametrize("name", STRANGERS)
def test_nobody_else_changes_an_entry(
    cast: Cast, ana: PointOfContact, ministry: Institution, name: str
) -> None:
    viewer = cast.viewer(name)
    events = ana.events.count()
    for refused in (
        lambda: change_contact_details(contact=ana, changes={"phone": "+56221230009"}, by=viewer),
        lambda: confirm_contact(contact=ana, by=viewer),
        lambda: mark_do_not_use(contact=ana, by=viewer, reason="x"),
        lambda: lift_do_not_use(contact=ana, by=viewer),
        lambda: end_contact(contact=ana, on=date(2026, 3, 1), by=viewer, reason="x"),
        lambda: correct_contact(contact=ana, changes={"full_name": "X"}, by=viewer, reason="x"),
        lambda: record_check(contact=ana, result="reached", by=viewer, reason="x"),
        lambda: change_institution(institution=ministry, changes={"name": "X"}, by=viewer),
        lambda: add_institution(state=ministry.state, name="X", by=viewer),
        lambda: curate(ministry.state, by=viewer, reason="x"),
        lambda: discard(ministry, by=viewer, reason="x"),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert ana.events.count() == events


def test_a_delegate_performs_no_formal_act(ana: PointOfContact, delegate: User) -> None:
    viewer = viewer_of(delegate)
    with pytest.raises(PermissionDenied):
        end_contact(contact=ana, on=date(2026, 3, 1), by=viewer, reason="x")
    with pytest.raises(PermissionDenied):
        register_contact(state=ana.state, by=viewer, reason="x")
    for field in (
        "full_name",
        "category",
        "institution",
        "state",
        "ended_on",
        "designated_on",
        "confirmed_at",
    ):
        with pytest.raises(ValidationError) as refusal:
            change_contact_details(contact=ana, changes={field: "X"}, by=viewer)
        assert list(refusal.value.message_dict) == [field]


def test_the_secretariat_gives_a_reason(ana: PointOfContact, officer: User) -> None:
    viewer = viewer_of(officer)
    for refused in (
        lambda: correct_contact(contact=ana, changes={"full_name": "Ana M. Ejemplo"}, by=viewer, reason=" "),
        lambda: change_contact_details(contact=ana, changes={"phone": ""}, by=viewer),
        lambda: confirm_contact(contact=ana, by=viewer),
        lambda: end_contact(contact=ana, on=date(2026, 3, 1), by=viewer, reason=""),
        lambda: curate(ana.state, by=viewer, reason=""),
    ):
        with pytest.raises(ValidationError) as refusal:
            refused()
        assert list(refusal.value.message_dict) == ["reason"]
    correct_contact(contact=ana, changes={"full_name": "Ana M. Ejemplo"}, by=viewer, reason="Typing error")
    assert ana.events.latest("pgh_id").pgh_context["reason"] == "Typing error"


def test_a_correction_is_no_way_round_the_other_steps(ana: PointOfContact) -> None:
    for field in ("state", "ended_on", "confirmed_at", "do_not_use", "check_result", "pgp_fingerprint"):
        with pytest.raises(ValidationError) as refusal:
            correct_contact(contact=ana, changes={field: None}, by=portal(), reason="x")
        assert list(refusal.value.message_dict) == [field]


def test_a_bad_value_names_its_field_and_nothing_is_written(ana: PointOfContact, delegate: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        change_contact_details(
            contact=ana, changes={"position": "New position", "phone": "none"}, by=viewer_of(delegate)
        )
    assert list(refusal.value.message_dict) == ["phone"]
    assert PointOfContact.objects.get().position == "Head of unit"


@pytest.mark.parametrize("text", ["a\u202eb", "a\u200fb", "a\x07b", "a\nb", "x" * 10_000], ids=ascii)
def test_text_that_could_mislead_is_refused(ana: PointOfContact, delegate: User, text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        change_contact_details(contact=ana, changes={"position": text}, by=viewer_of(delegate))
    assert list(refusal.value.message_dict) == ["position"]


def test_a_change_over_someone_elses_change_is_refused(ana: PointOfContact, delegate: User) -> None:
    viewer = viewer_of(delegate)
    change_contact_details(contact=ana, changes={"phone": "+56221230009"}, by=viewer, version=ana.version)
    with pytest.raises(StaleRecord) as refusal:
        change_contact_details(contact=ana, changes={"phone": "+56221230010"}, by=viewer, version=ana.version)
    assert refusal.value.current.phone == "+56221230009"
    assert PointOfContact.objects.get().phone == "+56221230009"


def test_an_ended_contact_stays_as_it_was(ana: PointOfContact, delegate: User) -> None:
    end_contact(contact=ana, on=date(2026, 3, 1), by=portal(), reason="New post")
    for refused in (
        lambda: change_contact_details(contact=ana, changes={"phone": ""}, by=viewer_of(delegate)),
        lambda: confirm_contact(contact=ana, by=viewer_of(delegate)),
        lambda: mark_do_not_use(contact=ana, by=viewer_of(delegate), reason="late"),
        lambda: lift_do_not_use(contact=ana, by=viewer_of(delegate)),
        lambda: end_contact(contact=ana, on=date(2026, 4, 1), by=portal(), reason="again"),
    ):
        with pytest.raises(ValidationError):
            refused()


def test_confirming_says_who_and_when(ana: PointOfContact, delegate: User, noon: datetime) -> None:
    confirmed = confirm_contact(contact=ana, by=viewer_of(delegate), at=noon)
    assert (confirmed.confirmed_at, confirmed.confirmed_by) == (noon, delegate)


def test_do_not_use_needs_a_reason_and_can_be_lifted(ana: PointOfContact, delegate: User) -> None:
    viewer = viewer_of(delegate)
    with pytest.raises(ValidationError):
        mark_do_not_use(contact=ana, by=viewer, reason="  ")
    mark_do_not_use(contact=ana, by=viewer, reason="Mailbox taken over")
    assert list(PointOfContact.objects.usable()) == []
    lift_do_not_use(contact=ana, by=viewer)
    assert list(PointOfContact.objects.usable()) == [ana]


def test_a_contact_is_registered_from_a_note(ministry: Institution) -> None:
    fields = {
        "state": ministry.state,
        "category": Category.FOREIGN_AFFAIRS,
        "full_name": "Carla Ejemplo",
        "institution": ministry,
        "position": "Director",
        "email": "carla@example.org",
        "designated_on": date(2026, 2, 1),
    }
    with pytest.raises(ValidationError) as refusal:
        register_contact(by=portal(), reason="Note received", **fields)
    assert list(refusal.value.message_dict) == ["note_reference"]
    contact = register_contact(by=portal(), reason="Note received", note_reference="NV 7/2026", **fields)
    assert contact.time_zone == ministry.state.time_zone


def test_an_institution_of_another_state_is_refused_by_name(ministry: Institution, colombia: State) -> None:
    with pytest.raises(ValidationError) as refusal:
        register_contact(
            by=portal(),
            reason="x",
            state=colombia,
            category="cyber_policy",
            full_name="X",
            institution=ministry,
            position="X",
            email="x@example.org",
            note_reference="N",
            designated_on=date(2026, 2, 1),
        )
    assert list(refusal.value.message_dict) == ["institution"]


@pytest.mark.filterwarnings("ignore:Use Tsk")
def test_a_pgp_key_tells_its_fingerprint(ana: PointOfContact, delegate: User) -> None:
    secret = pysequoia.Tsk.generate("Test <test@example.org>", validity_seconds=86_400 * 30)
    certificate = secret.extract_certificate()
    viewer = viewer_of(delegate)
    changed = change_contact_details(contact=ana, changes={"pgp_key": str(certificate)}, by=viewer)
    assert changed.pgp_fingerprint == certificate.fingerprint.upper()
    assert changed.pgp_expires_on == certificate.expiration.date()
    cleared = change_contact_details(contact=ana, changes={"pgp_key": ""}, by=viewer)
    assert (cleared.pgp_fingerprint, cleared.pgp_expires_on) == ("", None)


@pytest.mark.filterwarnings("ignore:Use Tsk")
def test_what_is_no_public_key_is_refused_by_name(ana: PointOfContact, delegate: User) -> None:
    for key in ("my key", str(pysequoia.Tsk.generate("Test <test@example.org>"))):
        with pytest.raises(ValidationError) as refusal:
            change_contact_details(contact=ana, changes={"pgp_key": key}, by=viewer_of(delegate))
        assert list(refusal.value.message_dict) == ["pgp_key"]


def test_what_somebody_else_stored_just_now_is_refused_in_words(
    chile: State, delegate: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Institution.full_clean

    def then_another_comes_first(self: Institution, exclude: Collection[str]) -> None:
        check(self, exclude=exclude)
        Institution.objects.bulk_create([Institution(state=chile, name="Agency")])

    monkeypatch.setattr(Institution, "full_clean", then_another_comes_first)
    with pytest.raises(ValidationError):
        add_institution(state=chile, name="Agency", by=viewer_of(delegate))


def test_an_institution_is_named_once_a_state(ministry: Institution, delegate: User) -> None:
    with pytest.raises(ValidationError):
        add_institution(state=ministry.state, name=ministry.name, by=viewer_of(delegate))
    changed = change_institution(
        institution=ministry, changes={"audience": "public"}, by=viewer_of(delegate), version=ministry.version
    )
    assert changed.audience == "public"


def test_what_others_refer_to_cannot_be_discarded(
    chile: State, make_contact: Callable[..., PointOfContact]
) -> None:
    make_contact()
    with pytest.raises(ValidationError) as refusal:
        discard(chile, by=portal(), reason="mistake")
    assert refusal.value.code == "referred_to"
