"""What is confirmed is what was shown, all of it or nothing, once, with a trace."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import connections
from django.utils import timezone

from cbmportal.accounts.models import User
from cbmportal.history.changes import history_of
from cbmportal.notices.models import Notice
from cbmportal.notices.sending import send_due
from contacts.access import viewer_of
from contacts.imports import services
from contacts.imports.services import (
    LooksDifferent,
    NoLongerKept,
    bring_in,
    forget_lists,
    keep_list,
    kept_list,
    look_at,
)
from contacts.models import DirectoryImport, Institution, PointOfContact, State
from contacts.services import change_contact_details
from tests.conftest import Cast
from tests.lists import ANA, BETO, cells, csv_of, xlsx_of


@pytest.fixture
def hand_in(officer: User) -> Callable[..., tuple[DirectoryImport, str]]:
    """A list handed in by the officer, and the mark of what was then shown."""

    def keep(*rows: dict[str, Any], name: str = "list.csv") -> tuple[DirectoryImport, str]:
        by = viewer_of(officer, via="admin")
        kept = keep_list(content=csv_of(cells(*rows)), name=name, by=by)
        return kept, look_at(kept, by).mark

    return keep


@pytest.fixture
def confirm(officer: User) -> Callable[..., Any]:
    def bring(kept: DirectoryImport, seen: str, reason: str = "") -> Any:
        return bring_in(uuid=kept.uuid, seen=seen, reason=reason, by=viewer_of(officer, via="admin"))

    return bring


def test_what_was_shown_is_written_with_a_trace(
    hand_in: Any, confirm: Any, make_contact: Callable[..., PointOfContact], officer: User
) -> None:
    ana = make_contact(note_date=date(2026, 1, 15))
    before = PointOfContact.objects.count()
    listed = hand_in(ANA | {"Official position": "Director"}, BETO | {"Institution": "Agency"})
    assert PointOfContact.objects.count() == before
    confirm(*listed, reason="Agreed with the mission.")
    ana.refresh_from_db()
    beto = PointOfContact.objects.get(full_name="Beto Otro")
    assert ana.position == "Director"
    assert (beto.institution.name, beto.phone, beto.designated_on) == (
        "Agency",
        "+56221230002",
        date(2026, 1, 15),
    )
    assert beto.time_zone == beto.state.time_zone
    for record in (ana, beto, beto.institution):
        newest = history_of(record)[0]
        assert newest.actor == officer.full_name
        assert newest.via == "by an import of the Secretariat's list"
        assert newest.reason == "Imported from list.csv. Agreed with the mission."


def test_the_same_list_again_shows_no_differences(
    hand_in: Any, confirm: Any, chile: State, officer: User
) -> None:
    listed = hand_in(ANA, BETO)
    confirm(*listed)
    again, _seen = hand_in(ANA, BETO)
    plan = look_at(again, viewer_of(officer))
    assert plan.counts == {"new": 0, "changed": 0, "unchanged": 2, "problem": 0}
    assert not plan.may_go
    edited, _seen = hand_in(ANA, BETO | {"Official position": "Minister"})
    assert [one.contact.full_name for one in look_at(edited, viewer_of(officer)).differing] == ["Beto Otro"]


def test_two_rows_of_one_new_institution_add_it_once(hand_in: Any, confirm: Any, chile: State) -> None:
    confirm(*hand_in(ANA | {"Institution": "Agencia"}, BETO | {"Institution": "AGENCIA"}))
    assert [one.name for one in Institution.objects.all()] == ["Agencia"]


def test_a_failure_in_the_last_row_leaves_nothing(
    hand_in: Any, confirm: Any, chile: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = services.register_contact

    def fails_on_the_last(**given: Any) -> PointOfContact:
        if given["full_name"] == "Beto Otro":
            raise ValidationError({"full_name": "Not this one."})
        return inner(**given)

    monkeypatch.setattr(services, "register_contact", fails_on_the_last)
    kept, seen = hand_in(ANA, BETO)
    with pytest.raises(ValidationError, match=r"Row 3: Not this one\."):
        confirm(kept, seen)
    assert not PointOfContact.objects.exists()
    assert not Institution.objects.exists()
    assert not Notice.objects.exists()
    assert DirectoryImport.objects.filter(pk=kept.pk).exists()


def test_a_list_with_a_problem_brings_nothing_in(hand_in: Any, confirm: Any, chile: State) -> None:
    with pytest.raises(LooksDifferent):
        confirm(*hand_in(ANA, BETO | {"E-mail address": "nobody"}))
    assert not PointOfContact.objects.exists()


def test_what_changed_since_it_was_shown_stops_it(
    hand_in: Any, confirm: Any, make_contact: Callable[..., PointOfContact], delegate: User
) -> None:
    ana = make_contact(note_date=date(2026, 1, 15))
    listed = hand_in(ANA | {"Official position": "Director"}, BETO)
    change_contact_details(contact=ana, changes={"position": "Minister"}, by=viewer_of(delegate))
    with pytest.raises(LooksDifferent):
        confirm(*listed)
    assert PointOfContact.objects.get().position == "Minister"


def test_a_list_is_brought_in_once_and_then_forgotten(hand_in: Any, confirm: Any, chile: State) -> None:
    listed = hand_in(ANA)
    confirm(*listed)
    assert not DirectoryImport.objects.exists()
    with pytest.raises(NoLongerKept):
        confirm(*listed)
    assert PointOfContact.objects.count() == 1


def test_a_list_is_its_officers_alone(
    hand_in: Any, cast: Cast, make_user: Callable[..., User], chile: State
) -> None:
    kept, seen = hand_in(ANA)
    other = viewer_of(make_user("colleague", is_staff=True), via="admin")
    for viewer in (other, cast.viewer("delegate"), cast.viewer("visitor")):
        with pytest.raises(NoLongerKept):
            kept_list(kept.uuid, viewer)
    with pytest.raises(NoLongerKept):
        bring_in(uuid=kept.uuid, seen=seen, by=other)


@pytest.mark.parametrize("person", ["visitor", "delegate", "designator", "observer", "member"])
def test_only_officers_bring_lists_in(hand_in: Any, cast: Cast, person: str, chile: State) -> None:
    kept, seen = hand_in(ANA)
    viewer = cast.viewer(person)
    with pytest.raises(PermissionDenied):
        bring_in(uuid=kept.uuid, seen=seen, by=viewer)
    with pytest.raises(PermissionDenied):
        keep_list(content=csv_of(cells(ANA)), name="a.csv", by=viewer)


def test_a_list_that_cannot_be_read_is_not_kept(officer: User) -> None:
    with pytest.raises(ValidationError):
        keep_list(content=b"x", name="a.csv", by=viewer_of(officer))
    assert not DirectoryImport.objects.exists()


def test_the_name_of_the_file_is_kept_short_and_plain(hand_in: Any, chile: State) -> None:
    kept, _seen = hand_in(ANA, name="x" * 200 + "\u202e\nlist.csv")
    assert len(kept.file_name) == 100
    assert kept.file_name.endswith("xlist.csv")


def test_a_list_is_forgotten_after_a_day(hand_in: Any, chile: State) -> None:
    kept, _seen = hand_in(ANA)
    assert forget_lists(now=kept.kept_at + timedelta(hours=23)) == 0
    assert forget_lists(now=kept.kept_at + timedelta(hours=25)) == 1


def test_nobody_gets_an_email_for_each_entry(
    hand_in: Any, confirm: Any, delegate: User, delivered: Callable[[], list[EmailMessage]]
) -> None:
    User.objects.filter(pk=delegate.pk).update(notice_pace="at_once")
    many = [BETO | {"Full name": f"Official {n}", "E-mail address": f"o{n}@example.org"} for n in range(20)]
    confirm(*hand_in(*many))
    assert delivered() == []
    assert Notice.objects.filter(to=delegate).count() == 21  # the institution too
    send_due(clock=lambda: timezone.now() + timedelta(days=1))
    (letter,) = delivered()
    assert letter.to == [delegate.email]
    assert "21 changes" in letter.subject


@pytest.mark.django_db(transaction=True)
def test_of_many_confirmations_at_once_one_is_done(hand_in: Any, officer: User, chile: State) -> None:
    """Two clicks on one list, and two uploads of it."""
    first, second = hand_in(ANA, BETO), hand_in(ANA, BETO)
    tries = [first, first, second, second]
    start, ends = Barrier(len(tries)), []

    def confirm(kept: DirectoryImport, seen: str) -> None:
        start.wait()
        try:
            bring_in(uuid=kept.uuid, seen=seen, by=viewer_of(officer, via="admin"))
            ends.append("done")
        except (NoLongerKept, LooksDifferent):
            ends.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=confirm, args=one) for one in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["done", "refused", "refused", "refused"]
    assert PointOfContact.objects.count() == 2


def test_a_workbook_is_brought_in_like_text(officer: User, chile: State, noon: datetime) -> None:
    by = viewer_of(officer, via="admin")
    rows = cells(ANA | {"Date of the note verbale": datetime(2026, 1, 15, tzinfo=UTC).replace(tzinfo=None)})
    kept = keep_list(content=xlsx_of(rows), name="list.xlsx", by=by, at=noon)
    bring_in(uuid=kept.uuid, seen=look_at(kept, by).mark, by=by)
    assert PointOfContact.objects.get().note_date == date(2026, 1, 15)
