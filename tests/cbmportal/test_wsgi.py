"""What a client says of its request before any page is asked."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import RequestFactory

from cbmportal.wsgi import PortalRequest, application


def told_by(kind: str, method: str = "GET", **told: Any) -> dict[str, Any]:
    """What the web server passes on of a request of this Content-Type."""
    environ: dict[str, Any] = RequestFactory().generic(method, "/health/live").environ
    return environ | {"CONTENT_TYPE": kind} | told


def ask(kind: str, query: str) -> int:
    """The status of the answer."""
    answers: list[str] = []

    def begin(status: str, headers: Any, error: Any = None, /) -> Callable[[bytes], object]:
        answers.append(status)
        return len

    application(told_by(kind, QUERY_STRING=query), begin)
    return int(answers[0].split()[0])


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain; charset=zlib",
        "text/plain; charset=idna",
        "text/plain; charset=undefined",
        "text/plain; charset*=idna''a%41",
        "text/plain; kind*=nothing''a%41",
        "text/plain; charset=utf-8",
        "a" * 20_000,
    ],
)
def test_no_kind_that_a_client_claims_breaks_an_address(db: None, kind: str) -> None:
    assert ask(kind, query="q=caf%C3%A9") == 200


def test_too_many_parameters_break_nothing_either(db: None) -> None:
    assert ask("text/plain; charset=utf-8", query="&".join(["a=1"] * 600)) == 200


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("application/x-www-form-urlencoded", {"name": "é"}),
        ('application/x-www-form-urlencoded; charset="UTF-8"', {"name": "é"}),
        ("application/x-www-form-urlencoded; charset=iso-8859-1", {}),
        ("application/x-www-form-urlencoded; charset=zlib", {}),
    ],
)
def test_forms_are_utf_8_or_not_read(kind: str, read: dict[str, str]) -> None:
    body = b"name=%C3%A9"
    sent = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
    request = PortalRequest(told_by(kind, "POST", **sent))
    assert request.POST.dict() == read
