"""The whole directory in one answer, in the formats of the table below: every contact that the caller may see.

What is streamed is read from a cursor of the database and never stands in memory as a whole; what a program
must finish before it can be sent stands in a temporary file, which is gone once it is sent.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, ClassVar

import orjson
from django.conf import settings
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.reverse import reverse

from cbmportal.api.answers import Representation, kept, representation, tag_known, unchanged
from cbmportal.api.memory import ANSWERS
from cbmportal.api.permissions import MembersOnly
from cbmportal.api.records import all_records
from cbmportal.api.views import PortalView
from cbmportal.typesetting import typeset
from contacts.access import Viewer
from contacts.api import ContactSerializer
from contacts.entries import Entry
from contacts.exports.printed import head, printed
from contacts.exports.spreadsheets import Cell, Rows, csv_lines, plain, write_xlsx
from contacts.exports.vcards import vcard
from contacts.hours import hours_in_words
from contacts.models import PointOfContact, ReadVia
from contacts.querysets import PointOfContactQuerySet
from contacts.reads import note_reading

#: Contacts read from the cursor at once.
CHUNK = 500
#: Bytes sent at once, at least: contacts alone are too small.
BLOCK = 64 * 1024
PAPER = Path(settings.BASE_DIR) / "templates/print/directory.typ"
#: The fields of the API; an institution has two of its own.
COLUMNS: tuple[str, ...] = (*ContactSerializer.Meta.fields, "institution_uuid")
ORDER = ("state__iso3", "category", "full_name", "pk")


@dataclass(frozen=True)
class Directory:
    """The directory as one caller sees it."""

    request: Request
    viewer: Viewer

    def contacts(self) -> Iterator[PointOfContact]:
        return self._read(PointOfContact.objects.order_by(*ORDER))

    def contacts_for_paper(self) -> Iterator[PointOfContact]:
        """By the names of states that readers look for."""
        return self._read(PointOfContact.objects.in_the_order_of_states())

    def _read(self, contacts: PointOfContactQuerySet) -> Iterator[PointOfContact]:
        """What is read is noted before it leaves. The cursor needs no transaction: a slow client holds none open."""
        rows = contacts.visible_to(self.viewer).select_related("state", "institution", "confirmed_by")
        found: Any = rows.iterator(chunk_size=CHUNK)
        with closing(found):
            while chunk := list(islice(found, CHUNK)):
                self._note({contact.state_id for contact in chunk})
                yield from chunk

    def records(self) -> Iterator[list[str]]:
        """As the API writes them, by the hundred."""
        address = reverse("api-contacts-list", request=self.request)
        for found in all_records(ContactSerializer, self.viewer, ORDER, address):
            self._note({state for one in found for state in one.beside})
            yield [one.json for one in found]

    def rows(self) -> Rows:
        yield list(COLUMNS)
        for records in self.records():
            yield from (_cells(orjson.loads(record)) for record in records)

    def _note(self, states: set[int]) -> None:
        note_reading(viewer=self.viewer, states=states, via=ReadVia.FILE)


def _cells(record: dict[str, Any]) -> list[Cell]:
    """For people who open a table: duty hours in words, lists with commas. Programs have JSON."""
    office = record.get("institution") or {}
    said = {
        **record,
        "institution": office.get("name"),
        "institution_uuid": office.get("uuid"),
        "duty_hours": hours_in_words(record.get("duty_hours") or {}),
    }
    return [plain(said.get(column)) for column in COLUMNS]


# The formats ----------------------------------------------------------------------------------------------


def as_json(directory: Directory) -> Iterator[bytes]:
    yield b'{"results":['
    for place, records in enumerate(directory.records()):
        yield (b"," if place else b"") + ",".join(records).encode()
    yield b"]}"


def as_csv(directory: Directory) -> Iterator[bytes]:
    return csv_lines(directory.rows())


def as_vcards(directory: Directory) -> Iterator[bytes]:
    source, now = directory.request.build_absolute_uri(), timezone.now()
    for contact in directory.contacts():
        yield vcard(Entry(contact, directory.viewer, now), source).encode()


def as_xlsx(directory: Directory, file: IO[bytes]) -> None:
    write_xlsx(directory.rows(), file)


def as_pdf(directory: Directory, file: IO[bytes]) -> None:
    now, count = timezone.now(), 0
    with tempfile.TemporaryFile() as data:
        data.write(b'{"entries":[')
        for count, contact in enumerate(directory.contacts_for_paper(), 1):
            data.write(b"," if count > 1 else b"")
            data.write(orjson.dumps(printed(Entry(contact, directory.viewer, now))))
        said = head(directory.viewer, directory.request.user, now, count)
        data.write(b'],"head":' + orjson.dumps(said) + b"}")
        data.seek(0)
        typeset(PAPER, data, file)


Answer = Callable[[Directory, str, Representation], HttpResponseBase]


def streamed(parts_of: Callable[[Directory], Iterator[bytes]]) -> Answer:
    def answer(directory: Directory, media_type: str, asked: Representation) -> HttpResponseBase:
        if (content := ANSWERS.get(asked)) is not None:
            return HttpResponse(content, content_type=media_type)
        parts = _as_asked(kept(asked, _in_blocks(parts_of(directory))), translation.get_language())
        # What fails at once is still an error of its own, and no file that breaks off.
        first = next(parts, b"")
        return StreamingHttpResponse(_resumed(first, parts), content_type=media_type)

    return answer


def filed(write: Callable[[Directory, IO[bytes]], None]) -> Answer:
    def answer(directory: Directory, media_type: str, asked: Representation) -> HttpResponseBase:
        with ExitStack() as unless_sent:
            file = unless_sent.enter_context(tempfile.TemporaryFile())
            write(directory, file)
            file.seek(0)
            unless_sent.pop_all()
        return FileResponse(file, content_type=media_type)

    return answer


def _resumed(first: bytes, parts: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from parts


def _as_asked(parts: Iterator[bytes], language: str | None) -> Iterator[bytes]:
    """Parts are made after the view has returned, when neither its language nor its time zone is in force."""
    while True:
        with translation.override(language), timezone.override(UTC):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _in_blocks(parts: Iterator[bytes]) -> Iterator[bytes]:
    block = bytearray()
    for part in parts:
        block += part
        if len(block) >= BLOCK:
            yield bytes(block)
            block.clear()
    yield bytes(block)


@dataclass(frozen=True)
class Format:
    media_type: str
    answer: Answer
    described: Any = OpenApiTypes.BINARY


#: By the ending of the address.
FORMATS = {
    "json": Format(
        "application/json",
        streamed(as_json),
        inline_serializer("Directory", {"results": ContactSerializer(many=True)}),
    ),
    "csv": Format("text/csv; charset=utf-8", streamed(as_csv)),
    "vcf": Format("text/vcard; charset=utf-8", streamed(as_vcards)),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", filed(as_xlsx)),
    "pdf": Format("application/pdf", filed(as_pdf)),
}


class ByAddress(BaseContentNegotiation):
    """The address names the format: what else a client would accept is no matter."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class WholeDirectory(PortalView):
    """Every contact that the caller may see, in one answer; each detail only where its state lets them."""

    permission_classes = [MembersOnly]
    content_negotiation_class = ByAddress
    also_counted = "FILES"
    ending: ClassVar[str]

    def get(self, request: Request) -> HttpResponseBase:
        form = FORMATS[self.ending]
        asked = representation(request, self.viewer)
        # The hour at which a file was made stands in some of them: the same content is not always the same bytes.
        tag = f"W/{tag_known(request, asked.mark)}"
        if (met := unchanged(request, tag)) is not None:
            return met
        response = form.answer(Directory(request, self.viewer), form.media_type, asked)
        response["ETag"] = tag
        name = f"cbm-directory-{datetime.now(UTC).date()}.{self.ending}"
        response["Content-Disposition"] = content_disposition_header(True, name) or ""
        return response


def _view(ending: str, form: Format) -> type[WholeDirectory]:
    """A class of its own for each format, because each is described on its own."""
    said = {"ending": ending, "permission_classes": WholeDirectory.permission_classes}
    view: type[WholeDirectory] = type(f"Directory{ending.capitalize()}", (WholeDirectory,), said)
    answer = {(200, form.media_type.partition(";")[0]): form.described}
    return extend_schema_view(get=extend_schema(responses=answer))(view)


VIEWS = {ending: _view(ending, form) for ending, form in FORMATS.items()}
