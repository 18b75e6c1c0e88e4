"""Answers that the client has already, or that this process still holds, are not made again."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from cbmportal.api.authentication import calling
from cbmportal.api.memory import ANSWERS
from cbmportal.api.problems import problem_page
from cbmportal.api.renderers import JSONRenderer
from contacts.access import Viewer

TAG = re.compile(r'(?:W/)?"([^"]*)"')


@dataclass(frozen=True)
class Representation:
    """What an answer is made of: the same again means the same bytes."""

    place: str
    viewer: Viewer
    version: str
    language: str | None
    #: Filters ask what is so today; the day is UTC's.
    day: str

    @property
    def mark(self) -> str:
        return hashlib.blake2b(repr(self).encode(), digest_size=16).hexdigest()


#: Streamed answers that are just being made.
_LEAVING: set[Representation] = set()


def representation(request: Request, viewer: Viewer) -> Representation:
    return Representation(
        request.build_absolute_uri(),
        viewer,
        calling(request).version,
        get_language(),
        today(),
    )


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def tag_known(request: Request, mark: str) -> str:
    """The client's own tag with this mark, if it sends one; of a record, the version stands before the mark."""
    sent = TAG.findall(request.headers.get("If-None-Match", ""))
    return f'"{next((tag for tag in sent if tag.rpartition("-")[2] == mark), mark)}"'


def unchanged(request: Request, tag: str) -> HttpResponseBase | None:
    """The answer to whoever has it already, or who would have it only if it were another."""
    met: HttpResponseBase | None = get_conditional_response(request._request, etag=tag)
    if met is not None:
        met = problem_page(412) if met.status_code == 412 else met
        met["ETag"] = tag
    return met


def kept(asked: Representation, parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts of an answer, which are kept together once all have left, unless they are too many.

    Of several that leave at once one is kept, so that a crowd needs no more memory than one.
    """
    if asked in _LEAVING:
        yield from parts
        return
    _LEAVING.add(asked)
    try:
        yield from _kept(asked, parts)
    finally:
        _LEAVING.discard(asked)


def _kept(asked: Representation, parts: Iterable[bytes]) -> Iterator[bytes]:
    held: bytearray | None = bytearray()
    for part in parts:
        yield part
        if held is not None:
            held += part
            held = held if len(held) <= ANSWERS.most // 2 else None
    if held is not None:
        ANSWERS.keep(asked, bytes(held))


def answered(handler: Callable[..., Response]) -> Callable[..., HttpResponseBase]:
    """A view's `get` whose answer depends on nothing but what stands in its `Representation`."""

    @wraps(handler)
    def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if view.depends_on_the_clock(request):
            return handler(view, request, *args, **kwargs)
        asked = representation(request, view.viewer)
        tag = tag_known(request, asked.mark)
        if (met := unchanged(request, tag)) is not None:
            return met
        content = ANSWERS.get(asked)
        if content is None:
            content = JSONRenderer().render(handler(view, request, *args, **kwargs).data)
            ANSWERS.keep(asked, content)
        return HttpResponse(content, content_type=JSONRenderer.media_type, headers={"ETag": tag})

    return answer
