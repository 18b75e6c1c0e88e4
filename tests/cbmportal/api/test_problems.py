"""Whatever goes wrong under /api/ is said as a problem, in the language of the request."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import path
from django.utils.translation import gettext, override
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient

from cbmportal.api.problems import DETAILS, TITLES
from cbmportal.api.views import PortalView
from cbmportal.urls import handler400, handler403, handler404, handler500
from cbmportal.urls import urlpatterns as portal_patterns
from contacts.models import State


class Echo(PortalView):
    """What the machinery does with bodies, whatever is in them."""

    permission_classes = [AllowAny]

    def post(self, request: Request) -> Response:
        return Response(request.data)


class Broken(PortalView):
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        raise ZeroDivisionError("secret detail")


class Refused(PortalView):
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        raise PermissionDenied("You may see this entry but not change it.")


urlpatterns = [
    path("api/v1/echo/", Echo.as_view()),
    path("api/v1/broken/", Broken.as_view()),
    path("api/v1/refused/", Refused.as_view()),
    *portal_patterns,
]

__all__ = ["handler400", "handler403", "handler404", "handler500"]


@pytest.fixture
def here(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def is_problem(answer: Any, status: int, detail: str | None = None) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.has_header("ETag")
    body: dict[str, Any] = answer.json()
    assert (body["type"], body["title"], body["status"]) == ("about:blank", str(TITLES[status]), status)
    assert body["detail"] == (str(DETAILS[status]) if detail is None else detail)
    return body


@pytest.mark.parametrize(
    "address",
    [
        *("/api/v1/nothing/", "/api/", "/api/v2/states/", "/api/v1/states/CHLE/", "/api/v1/states/ZZZ/"),
        *(
            "/api/v1/states/%00%00%00/",
            "/api/v1/measures/x/",
            "/api/v1/measures/0/",
            "/api/v1/measures/9999/",
        ),
        *("/api/v1/measures/99999999999999999999/", "/api/v1/policies/CHL-2017-999/", "/api/v1/policies/x/"),
        *("/api/v1/institutions/not-a-uuid/", "/api/v1/glossary/nothing/", "/api/v1/glossary/%00/"),
        *("/api/v1/activities/00000000-0000-0000-0000-000000000000/", "/api/v1/milestones/1/"),
        "/api/v1/institutions/00000000-0000-0000-0000-00000000000g/",
        "/api/v1/states/" + "x" * 5000 + "/",
    ],
)
def test_what_is_not_there_is_a_404_problem(api, chile: State, address):
    is_problem(api().get(address), 404)


@pytest.mark.parametrize("uuid", ["x", "00000000-0000-0000-0000-000000000000", "%00", "1" * 500])
def test_a_malformed_or_unknown_uuid_is_a_404_problem_for_members(api, observer, uuid):
    is_problem(api(observer).get(f"/api/v1/contacts/{uuid}/"), 404)


def test_a_page_that_is_not_there_is_a_page(client: Client, db):
    answer = client.get("/en/nothing/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_missing_slash_is_put_right(api, chile):
    answer = api().get("/api/v1/states?page=1")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/states/?page=1")


def test_405_names_the_methods(api, db):
    answer = api().post("/api/v1/states/", {}, format="json")
    is_problem(answer, 405, 'Method "POST" not allowed.')
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_406_for_a_form_that_there_is_not(api, db):
    answer = api().get("/api/v1/states/", headers={"Accept": "application/xml"})
    is_problem(answer, 406, "Could not satisfy the request Accept header.")


def test_a_browser_is_given_json(api, db):
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert api().get("/api/v1/states/", headers={"Accept": accept})["Content-Type"] == "application/json"


def test_403_keeps_the_reason(api, here, db):
    is_problem(api().get("/api/v1/refused/"), 403, "You may see this entry but not change it.")


@pytest.mark.parametrize("body", [b"{", b"", b"\xff", b"{'a': 1}", b"NaN", b'{"a": 1} x', b"[" * 100_000])
def test_a_body_that_is_not_json_is_a_400_problem(api, here, db, body):
    answer = api().generic("POST", "/api/v1/echo/", body, content_type="application/json")
    if body:
        is_problem(answer, 400, "The body of the request is not valid JSON.")
    else:
        assert answer.status_code == 200


def test_a_form_is_a_415_problem(api, here, db):
    answer = api().generic("POST", "/api/v1/echo/", b"a=1", content_type="application/x-www-form-urlencoded")
    is_problem(answer, 415, 'Unsupported media type "application/x-www-form-urlencoded" in request.')


def test_an_oversized_body_is_a_413_problem(api, here, db):
    body = b'"' + b"x" * 2_000_000 + b'"'
    is_problem(api().generic("POST", "/api/v1/echo/", body, content_type="application/json"), 413)


def test_no_more_of_a_body_is_read_than_its_length_says(api, here, db):
    body = b'"' + b"x" * 2_000_000 + b'"'
    answer = api().generic("POST", "/api/v1/echo/", body, content_type="application/json", CONTENT_LENGTH="1")
    is_problem(answer, 400, "The body of the request is not valid JSON.")


def test_a_body_in_pieces_without_a_length_is_refused_and_not_read_as_empty(api, here, db):
    answer = api().generic(
        "POST", "/api/v1/echo/", b"{}", content_type="application/json", CONTENT_LENGTH="",
        HTTP_TRANSFER_ENCODING="chunked",
    )  # fmt: skip
    is_problem(answer, 411)


def test_a_query_may_be_4000_bytes_long(api, here, db):
    assert api().get("/api/v1/states/?q=" + "x" * 3998).status_code == 400
    is_problem(api().get("/api/v1/states/?q=" + "x" * 3999), 414)


def test_too_many_parameters_are_a_400_problem(api, db):
    is_problem(api().get("/api/v1/states/?" + "&".join(["a=1"] * 600)), 400)


def test_an_unknown_host_is_a_400_problem(db):
    is_problem(Client(headers={"Host": "evil.example.org"}).get("/api/v1/states/"), 400)


def test_a_failure_is_a_500_problem_that_tells_nothing(here, db, caplog):
    answer = APIClient(raise_request_exception=False).get("/api/v1/broken/")
    is_problem(answer, 500)
    assert "secret detail" not in answer.content.decode()
    assert any(record.exc_info and "secret detail" in str(record.exc_info[1]) for record in caplog.records)


def test_the_failure_of_a_page_is_a_page():
    answer = handler500(RequestFactory().get("/en/"))
    assert answer["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en", "en"),
        ("es-CL,es;q=0.9", "es"),
        ("pt", "pt-br"),
        ("pt-BR", "pt-br"),
        ("fr-CA", "fr"),
        ("de", "en"),
    ],
)
def test_the_language_of_a_problem_follows_accept_language(api, chile, accepted, language):
    """Compared with a sentence that Django itself translates, so that this holds before ours are."""
    with override("en"):
        english = gettext("Select a valid choice. That choice is not one of the available choices.")
    with override(language):
        expected = gettext("Select a valid choice. That choice is not one of the available choices.")
    assert (expected == english) == (language == "en")
    answer = api().get("/api/v1/policies/?state=XXX", headers={"Accept-Language": accepted})
    assert answer.json()["errors"] == {"state": [expected]}
    assert answer["Content-Language"] == language
    assert "Accept-Language" in answer["Vary"]


def test_records_are_the_same_in_every_language(api, strategy, term, participation):
    for address in ("states/", "policies/", "glossary/", "labels/"):
        answers = {
            api().get(f"/api/v1/{address}", headers={"Accept-Language": language}).content
            for language in ("en", "es", "pt", "fr")
        }
        assert len(answers) == 1
