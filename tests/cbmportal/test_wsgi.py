"""What a client says of its request before any page is asked."""

import io
from typing import Any

import pytest
from django.test import RequestFactory

from cbmportal.wsgi import application


def ask(kind: str, **environ: Any) -> int:
    """The status of the answer to a request of this Content-Type."""
    told: list[str] = []
    asked = RequestFactory()._base_environ(CONTENT_TYPE=kind, PATH_INFO="/health/live", **environ)
    answer = application(asked, lambda status, headers, exc_info=None: told.append(status))
    answer.close()
    return int(told[0].split()[0])


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
    assert ask(kind, QUERY_STRING="q=caf%C3%A9") == 200


def test_too_many_parameters_break_nothing_either(db: None) -> None:
    assert ask("text/plain; charset=utf-8", QUERY_STRING="&".join(["a=1"] * 600)) == 200


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
    length = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
    request = application.request_class(
        RequestFactory()._base_environ(REQUEST_METHOD="POST", CONTENT_TYPE=kind, **length)
    )
    assert request.POST.dict() == read
