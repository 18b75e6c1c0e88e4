"""Rows of documents that are kept are never older than what they are made of."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import override

from cbmportal import rows
from contacts.access import Viewer, portal
from contacts.models import State
from contacts.services import curate
from policies.lists import records
from policies.models import PolicySubmission
from policies.services import compile_policy, correct_policy, enter_received_policy, set_translation
from policies.views import listed
from tests.policies.test_services import CONTENT


def written(viewer: Viewer, with_state: bool = True) -> str:
    found = records(listed(viewer).order_by("pk"), with_state=with_state)
    return rows.written("policies/_record.html", found)


def written_live(viewer: Viewer) -> str:
    rows._KEPT.clear()
    return written(viewer)


def receive(state: State) -> PolicySubmission:
    how = {"received_how": "E-mail", "received_on": "2026-01-01"}
    return enter_received_policy(state=state, by=portal(), reason="test", **how, **CONTENT)


def correct(**changes: Any) -> Callable[[PolicySubmission], Any]:
    return lambda policy: correct_policy(policy=policy, changes=changes, by=portal(), reason="test")


def translate(policy: PolicySubmission) -> None:
    set_translation(policy=policy, language="en", by=portal(), reason="test", title="In other words")


def rename(policy: PolicySubmission) -> None:
    policy.state.name_en = "Chile, renamed"
    curate(policy.state, by=portal(), reason="test")


CHANGES: dict[str, Callable[[PolicySubmission], Any]] = {
    "its title": correct(title="Otro título"),
    "its legal status": correct(legal_status="repealed", legal_status_inferred=True),
    "its translation": translate,
    "the state's name": rename,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_row_that_is_kept_is_what_would_be_written_now(chile: State, change: str) -> None:
    policy = receive(chile)
    before = written(portal())
    CHANGES[change](policy)
    after = written(portal())
    assert after == written_live(portal())
    assert before != after


def test_a_row_says_the_state_where_a_list_has_several_and_everything_in_each_language(chile: State) -> None:
    compile_policy(state=chile, by=portal(), reason="test", source_grade="copy", **CONTENT)
    texts = {written(portal()), written(portal(), with_state=False)}
    with override("fr"):
        texts.add(written(portal()))
    assert len(texts) == 3
