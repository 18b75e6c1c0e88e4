"""Requests that nobody thought of, made from the schema: whatever is sent, the answer is one that it describes."""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cbmportal.accounts.models import TokenScope

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: Requests of all callers together; each operation gets its part.
USUAL, AUDIT = 240, 21_000
CALLERS = ("visitor", "delegate", "officer")


@pytest.fixture
def records(
    ana, strategy, seminar, term, public_office, milestone, participation
) -> dict[str, dict[str, str]]:
    """By resource, a record that is there: what is invented hits one too seldom."""
    return {
        "contacts": {"uuid": str(ana.uuid)},
        "policies": {"ref": strategy.ref},
        "activities": {"uuid": str(seminar.uuid)},
        "institutions": {"uuid": str(public_office.uuid)},
        "glossary": {"key": term.key},
        "states": {"iso3": "CHL"},
        "measures": {"number": "4"},
    }


@pytest.mark.parametrize("caller", CALLERS)
def test_whatever_is_sent_the_answer_is_as_described(
    caller, live_server, cast, key_of, records, request, settings
):
    for rate in ("TOKEN", "ADDRESS", "FILES"):
        setattr(settings, f"API_RATE_{rate}", 0)
    user = cast.people[caller]
    session = requests.Session()
    if user:
        session.headers["Authorization"] = f"Token {key_of(user, TokenScope.WRITE)}"
    schema = schemathesis.openapi.from_url(f"{live_server.url}/api/v1/schema/")
    found = [one.ok() for one in schema.get_all_operations()]
    wanted = AUDIT if request.config.getoption("--audit") else USUAL
    each = -(-wanted // (len(CALLERS) * len(found)))
    sent = sum(send(operation, records, session, each) for operation in found)
    assert sent >= wanted / len(CALLERS)


def send(operation: Any, records: dict[str, dict[str, str]], session: requests.Session, each: int) -> int:
    """Of one operation: half of the requests as described and half not; half about a record that is there."""
    ways = list(strategies(operation, records))
    sent = 0
    for way in ways:

        @hypothesis.seed(4)
        @hypothesis.settings(
            max_examples=-(-each // len(ways)),
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=way)
        def try_one(case: Case) -> None:
            nonlocal sent
            sent += 1
            case.call_and_validate(session=session, checks=CHECKS)

        try_one()
    return sent


def strategies(operation: Any, records: dict[str, dict[str, str]]) -> Iterator[Any]:
    there = records[operation.path.split("/")[3]] if "{" in operation.path else None
    modes = [GenerationMode.POSITIVE]
    if operation.query or operation.body:
        modes.append(GenerationMode.NEGATIVE)
    for mode in modes:
        yield operation.as_strategy(generation_mode=mode)
        if there:
            current = {"If-Match": "*"} if operation.method == "patch" else None
            yield operation.as_strategy(generation_mode=mode, path_parameters=there, headers=current)
