"""Every refusal and failure under /api/ as RFC 9457 application/problem+json, in the reader's language."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as Refusal
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from cbmportal.history.services import StaleRecord

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: _("Bad request"),
    401: _("Not signed in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("Not acceptable"),
    409: _("Conflict"),
    410: _("No longer available"),
    411: _("Length required"),
    412: _("Precondition failed"),
    413: _("Content too large"),
    414: _("Address too long"),
    415: _("Unsupported media type"),
    428: _("Precondition required"),
    429: _("Too many requests"),
    500: _("Internal error"),
}
DETAILS = {
    400: _("The request could not be understood."),
    401: _(
        "Send a current token in the header “Authorization: Token <key>”, or sign in to the portal first."
        " A token that is unknown, has expired or was revoked does not count."
    ),
    403: _("You are not allowed to do this."),
    404: _("There is nothing here that you may see."),
    410: _("Too much has changed since. Start anew from the address in “start”, without a cursor."),
    428: _(
        "Send the ETag of the record, as you last read it, in the header If-Match, so that you do not overwrite what"
        " somebody else has changed since."
    ),
    411: _("Send the length of the body in the header Content-Length."),
    412: _("The record has changed since you last read it."),
    413: _("The body of the request is larger than the portal accepts."),
    414: _("The query of the address is longer than the portal accepts."),
    429: _("Too many requests. Wait for as many seconds as the header Retry-After says."),
    500: _("Something went wrong in the portal. It was recorded; please try again later."),
}
INVALID = _("Some values are not valid; “errors” names each of them.")
#: What services refuse not because of what was sent, but because of what has become of the record.
CONFLICTS = ("stage", "ended")


def problem(status: int, detail: Any = "", errors: Mapping[str, Any] | None = None) -> dict[str, Any]:
    body = {
        "type": "about:blank",
        "title": str(TITLES[status]),
        "status": status,
        "detail": str(detail or DETAILS[status]),
    }
    return body | {"errors": errors} if errors else body


def problem_page(status: int) -> HttpResponse:
    """A problem from outside a view of the API: an unknown address, a refused header, a failure."""
    response = HttpResponse(orjson.dumps(problem(status)), status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. What it does not know goes to Django's handlers, and so to `or_problem`."""
    if isinstance(error, Http404):
        return _response(problem(404))
    if isinstance(error, PermissionDenied):
        return _response(problem(403, error))
    if isinstance(error, StaleRecord):
        return _response(problem(412, error))
    if isinstance(error, Refusal):
        return _response(_refused(error))
    if isinstance(error, exceptions.ValidationError):
        return _response(problem(400, INVALID, _by_field(error.detail)))
    if not isinstance(error, exceptions.APIException):
        return None
    # These are the same sentence for all; of somebody who is not known, it says how to become known.
    detail = "" if error.status_code in (401, 404, 429) else error.detail
    response = _response(problem(error.status_code, detail))
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = wait
    return response


def _response(body: dict[str, Any]) -> Response:
    return Response(body, status=body["status"], content_type=MEDIA_TYPE)


def _refused(error: Refusal) -> dict[str, Any]:
    """What a service has refused, in its own words."""
    if getattr(error, "code", None) in CONFLICTS:
        return problem(409, error.messages[0])
    found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    return problem(400, INVALID, {_called(name): sentences for name, sentences in found.items()})


def _called(name: str) -> str:
    return api_settings.NON_FIELD_ERRORS_KEY if name == NON_FIELD_ERRORS else name


def _by_field(detail: Any) -> Mapping[str, Any]:
    if not isinstance(detail, dict):
        return {api_settings.NON_FIELD_ERRORS_KEY: detail}
    return {name: list(_sentences(one)) for name, one in detail.items()}


def _sentences(detail: Any) -> Iterator[str]:
    """The errors of one field; those of its items, where it is a list, come by their places."""
    if isinstance(detail, (list, dict)):
        for one in detail.values() if isinstance(detail, dict) else detail:
            yield from _sentences(one)
    else:
        yield detail


def or_problem(page: Callable[..., HttpResponse], status: int) -> Callable[..., HttpResponse]:
    """A handler of Django's that answers clients of the API with a problem and everybody else with `page`."""

    def handler(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            return problem_page(413 if isinstance(exception, RequestDataTooBig) else status)
        return page(request) if exception is None else page(request, exception)

    return handler
