"""What is taken in as the scan of a signed note, and what is refused, each with its reason."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from cbmportal import uploads
from cbmportal.accounts.models import User
from contacts import scan_reader, scans
from contacts.models import FormalAct, SignedNote
from contacts.scans import display_name, read_scan
from tests.contacts.test_acts import a_pdf, replacement

__all__ = ["replacement"]

Browse = Callable[..., Client]


def pdf(pages: int = 1, write: Callable[[PdfWriter], object] = id) -> bytes:
    made, file = PdfWriter(), io.BytesIO()
    for _number in range(pages):
        made.add_blank_page(595, 842)
    write(made)
    made.write(file)
    return file.getvalue()


def picture(kind: str, size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, kind, **more)
    return file.getvalue()


def archive(before: bytes = b"") -> bytes:
    file = io.BytesIO(before)
    with zipfile.ZipFile(file, "a") as one:
        one.writestr("program.exe", "MZ")
    return file.getvalue()


def named(**values: Any) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in values.items()})


def acting(**action: Any) -> Callable[[PdfWriter], None]:
    """An action deep within the page, where the reader of the file does not look for it by name."""

    def write(made: PdfWriter) -> None:
        place = made._add_object(named(O=named(Next=ArrayObject([named(**action)]))))
        made.pages[0][NameObject("/AA")] = place

    return write


def acting_elsewhere(made: PdfWriter) -> None:
    """An action that names its kind in another place of the file."""
    kind = made._add_object(NameObject("/Launch"))
    acting(S=kind, F=TextStringObject("calc.exe"))(made)


def locked(password: str) -> Callable[[PdfWriter], None]:
    return lambda made: made.encrypt(password, "the owner's", algorithm="AES-256")


def exploding(made: PdfWriter) -> None:
    stream = StreamObject()
    stream.set_data(b"\0" * 100_000_000)
    made.pages[0][NameObject("/Contents")] = made._add_object(stream.flate_encode(9))


def refusal(content: bytes, name: str = "note.pdf") -> str:
    with pytest.raises(ValidationError) as refused:
        read_scan(SimpleUploadedFile(name, content))
    assert list(refused.value.error_dict) == ["scan"]
    (error,) = refused.value.error_dict["scan"]
    assert refused.value.messages[0].endswith(".")
    return str(error.code)


# What is taken in -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (a_pdf(), "application/pdf"),
        (pdf(50), "application/pdf"),
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("PDF"), "application/pdf"),
    ],
    ids=["small PDF", "50 pages", "JPEG", "PNG", "picture as PDF"],
)
def test_the_content_says_what_it_is_and_not_the_name(content: bytes, media_type: str) -> None:
    upload = SimpleUploadedFile("signed note.gif", content, content_type="text/html")
    upload.seek(len(content))
    scan = read_scan(upload)
    assert (scan.media_type, scan.name, scan.size) == (media_type, "signed note.gif", len(content))
    assert (scan.content, scan.sha256) == (content, hashlib.sha256(content).hexdigest())
    assert media_type in SignedNote.ENDINGS


# What is refused ------------------------------------------------------------------------------------------

REFUSED: dict[str, list[bytes]] = {
    "empty": [b""],
    "program": [b"MZ\x90\0 a program", b"\x7fELF\2\1\1", b"#!/bin/sh\n", b"\xcf\xfa\xed\xfe\7\0\0\1"],
    "archive": [archive(), b"Rar!\x1a\7\0"],
    "office": [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf1 A note}"],
    "web_page": [b"<!DOCTYPE html><script>", b"\n <svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>%PDF-1.4"],
    "other_picture": [picture("GIF"), picture("TIFF"), picture("BMP"), b"\0\0\0\x18ftypheic"],
    "unknown": [b"Note verbale No. 7", b"\0" * 2000 + a_pdf()],
    "late_pdf": [b"\n" + a_pdf(), b"GIFAR " + a_pdf(), picture("JPEG", comment=b"%PDF-1.4")],
    "hidden": [archive(before=pdf()), archive(before=picture("PNG"))],
    "broken": [
        *(pdf(3)[:-40], pdf(3)[:300], b"%PDF-1.4\n%%EOF\n"),
        *(picture("JPEG", (900, 900))[:-500], picture("PNG")[:-30], b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"),
    ],
    "encrypted": [pdf(1, locked("secret")), pdf(1, locked(""))],
    "no_page": [pdf(0)],
    "too_many_pages": [pdf(51)],
    "active": [
        pdf(1, acting(S=NameObject("/JavaScript"), JS=TextStringObject("app.alert(1)"))),
        pdf(1, acting(S=NameObject("/Launch"), F=TextStringObject("calc.exe"))),
        pdf(1, acting_elsewhere),
    ],
    "holds_files": [pdf(1, lambda made: made.add_attachment("program.exe", b"MZ"))],
    "too_many_pixels": [picture("PNG", (20_001, 1)), picture("JPEG", (1, 20_001)), picture("PNG", (10_100, 10_000))],
    "animated": [picture("PNG", save_all=True, append_images=[Image.new("RGB", (60, 40), "red")])],
}  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "content"),
    [(reason, content) for reason, contents in REFUSED.items() for content in contents],
    ids=[f"{reason}-{place}" for reason, contents in REFUSED.items() for place in range(len(contents))],
)
def test_each_is_refused_with_its_own_reason(reason: str, content: bytes) -> None:
    assert refusal(content) == reason


def test_each_reason_is_a_sentence_of_its_own() -> None:
    assert len({str(said) for said in scans.REASONS.values()}) == len(scans.REASONS)
    assert set(scans.REASONS) - set(REFUSED) == {"too_large", "too_much", "at_fault"}


def test_one_byte_more_than_the_setting_allows_is_too_large(settings: Any) -> None:
    settings.SCAN_MAX_BYTES = len(a_pdf())
    assert read_scan(ContentFile(a_pdf(), "note.pdf")).size == len(a_pdf())
    assert refusal(a_pdf() + b"\n") == "too_large"


# What explodes --------------------------------------------------------------------------------------------


def test_a_pdf_that_explodes_is_refused() -> None:
    assert refusal(pdf(1, exploding)) == "too_much"


def test_a_reader_that_does_not_come_to_an_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MOST_SECONDS", 0.001)
    assert refusal(a_pdf()) == "too_much"


def test_where_no_reader_can_be_started_it_is_the_portals_fault(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    assert refusal(a_pdf()) == "at_fault"
    settings.BASE_DIR = tmp_path / "nowhere"
    assert refusal(a_pdf()) == "at_fault"


def test_the_reader_of_scans_bounds_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, int] = {}
    monkeypatch.setattr(scan_reader, "bound", asked.update)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(a_pdf())))
    scan_reader.main("application/pdf")
    assert asked == {"memory": scan_reader.MOST_MEMORY, "seconds": scan_reader.MOST_SECONDS}


# At the page ----------------------------------------------------------------------------------------------


def test_at_the_page_what_no_form_takes_gets_a_page_that_says_the_limit(
    browse: Browse, delegate: User, replacement: FormalAct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_REQUEST", 1_200_000)
    upload = SimpleUploadedFile("note.pdf", b"%PDF-" + b"x" * 1_300_000)
    response = browse(delegate).post(f"{replacement.get_absolute_url()}attach/", {"scan": upload})
    assert response.status_code == 400
    assert "What you sent is too large" in response.content.decode()


def test_at_the_page_a_scan_over_the_setting_is_refused_at_its_field(
    browse: Browse, delegate: User, replacement: FormalAct, settings: Any
) -> None:
    settings.SCAN_MAX_BYTES = 2_000_000
    upload = SimpleUploadedFile("../../note.pdf", b"%PDF-" + b"x" * 2_000_000)
    data = {"scan": upload, "note_reference": "NV 7/2026", "note_date": "2026-05-20"}
    page = browse(delegate).post(f"{replacement.get_absolute_url()}attach/", data).content.decode()
    assert "The file is larger than 1.9\xa0MB." in page
    assert "at most 1.9\xa0MB" in page


# Names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.pdf", "y.pdf"),
        ("/srv/files/nota verbal.pdf", "nota verbal.pdf"),
        ("no\0ta\n\tñ.pdf", "nota ñ.pdf"),
        ("note\u202efdp.exe", "notefdp.exe"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("a." + "x" * 300, "a." + "x" * 188 + "." + "x" * 9),
        ("", "Signed note"),
        ("../..", "Signed note"),
        ("a/", "Signed note"),
    ],
)
def test_a_name_is_no_path_and_never_empty(name: str, shown: str) -> None:
    assert display_name(name) == shown


@given(st.text())
def test_whatever_the_name_it_can_be_kept(name: str) -> None:
    SignedNote._meta.get_field("name").clean(display_name(name), None)


# Whatever comes -------------------------------------------------------------------------------------------

WHOLE = (pdf(2), picture("JPEG"), picture("PNG"), pdf(1, locked("secret")))
WORDS = {*REFUSED, "too_much"}


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    content = bytearray(draw(st.sampled_from(WHOLE)))
    for _time in range(draw(st.integers(0, 8))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content[: draw(st.integers(0, len(content)))] if draw(st.booleans()) else content)


@given(damaged())
def test_whatever_is_handed_in_it_is_taken_in_or_refused(content: bytes) -> None:
    """In this process: to start another for each case would take minutes."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scans, "_verdict", scan_reader.verdict)
        try:
            outcome = read_scan(ContentFile(content, "note.pdf")).content
        except ValidationError as refused:
            outcome = refused.error_dict["scan"][0].code
    assert outcome in {content, *WORDS}


@given(damaged())
def test_what_is_taken_in_is_opened_by_whoever_gets_it(content: bytes) -> None:
    if scan_reader.verdict("application/pdf", content) == "read":
        assert len(PdfReader(io.BytesIO(content)).pages) >= 1
