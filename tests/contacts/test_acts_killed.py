"""A process that is killed in the middle of a formal act leaves all of it, or nothing."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from cbmportal.accounts.models import User
from contacts.access import viewer_of
from contacts.models import FormalAct, PointOfContact, SignedNote
from contacts.services.acts import accept_act, attach_note, enter_act, return_act, submit_act, withdraw_act
from tests.contacts.test_acts import DATED, NOMINEE, SCAN, in_office, replacement, sign, submitted

__all__ = ["replacement", "submitted"]

pytestmark = pytest.mark.django_db(transaction=True)
WRITES = ("INSERT", "UPDATE", "DELETE")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def killed_after(number: int) -> Iterator[None]:
    """After so many statements that write; one that the last of them commits is not among them."""
    seen = 0

    def count(execute: Any, sql: Any, *more: Any) -> Any:
        nonlocal seen
        result = execute(sql, *more)
        if str(sql).lstrip().startswith(WRITES):
            seen += 1
            if seen == number:
                die()
        return result

    with connection.execute_wrapper(count):
        yield


def in_a_child(service: Callable[[], object], number: int = 0, commit: str = "") -> bool:
    """Whether a process of its own came to the end of the service."""
    child = os.fork()
    if child:
        _pid, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return os.WIFEXITED(status)
    try:
        connection.connection = None  # the parent's, which the child must not speak on
        commit_as_ever = connection._commit

        def commit_and(*_args: Any) -> None:
            if commit == "before":
                die()
            commit_as_ever()
            if commit == "after":
                die()

        connection._commit = commit_and  # type: ignore[method-assign]
        with killed_after(number):
            service()
        os._exit(0)
    except BaseException:
        os._exit(1)


def writes_of(service: Callable[[], object]) -> int:
    """How many statements of it write; tried, and taken back."""
    seen = 0

    def count(execute: Any, sql: Any, *more: Any) -> Any:
        nonlocal seen
        seen += str(sql).lstrip().startswith(WRITES)
        return execute(sql, *more)

    with transaction.atomic(), connection.execute_wrapper(count):
        service()
        transaction.set_rollback(True)
    return seen


def state_of_things(act: FormalAct) -> tuple[Any, ...]:
    act.refresh_from_db()
    return (
        act.stage,
        in_office(act.state),
        act.note_id is not None,
        SignedNote.objects.count(),
        act.contact_id is not None,
        act.events.count(),
        PointOfContact.events.rel.related_model._default_manager.count(),  # type: ignore[attr-defined]
    )


@pytest.mark.parametrize("step", ["attach", "submit", "accept", "return", "withdraw"])
def test_at_whatever_write_it_dies_a_step_is_whole_or_was_not(
    step: str, replacement: FormalAct, ana: PointOfContact, delegate: User, designator: User, officer: User
) -> None:
    act = replacement
    if step != "attach":
        act = sign(act, delegate)
    if step in ("accept", "return"):
        act = submit_act(act=act, by=viewer_of(designator))
    services: dict[str, Callable[[], object]] = {
        "attach": lambda: attach_note(
            act=act, scan=SCAN, reference="NV 7/2026", dated=DATED, by=viewer_of(delegate)
        ),
        "submit": lambda: submit_act(act=act, by=viewer_of(designator)),
        "accept": lambda: accept_act(act=act, by=viewer_of(officer)),
        "return": lambda: return_act(act=act, comment="No seal.", by=viewer_of(officer)),
        "withdraw": lambda: withdraw_act(act=act, by=viewer_of(delegate)),
    }
    before = state_of_things(act)
    writes = writes_of(services[step])
    assert writes >= 2
    for number in range(1, writes + 1):
        assert not in_a_child(services[step], number)
        assert state_of_things(act) == before, f"after write {number}"
    assert not in_a_child(services[step], commit="before")
    assert state_of_things(act) == before
    assert not in_a_child(services[step], commit="after")
    after = state_of_things(act)
    assert after[0] != before[0]
    assert in_office(act.state) == (["Berta Nueva"] if step == "accept" else ["Ana Ejemplo"])


@pytest.mark.parametrize("commit", ["before", "after"])
def test_what_is_entered_on_behalf_is_whole_or_was_not(
    ana: PointOfContact, officer: User, commit: str
) -> None:
    def enter() -> object:
        return enter_act(
            state=ana.state,
            kind="replacement",
            outgoing=ana,
            scan=SCAN,
            received_how="by e-mail",
            by=viewer_of(officer),
            reason="received",
            note_reference="NV 8/2026",
            note_date=DATED,
            institution=ana.institution,
            **NOMINEE,
        )

    assert not in_a_child(enter, commit=commit)
    whole = commit == "after"
    assert in_office(ana.state) == (["Berta Nueva"] if whole else ["Ana Ejemplo"])
    assert (FormalAct.objects.count(), SignedNote.objects.count()) == ((1, 1) if whole else (0, 0))
