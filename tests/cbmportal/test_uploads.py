"""Files that arrive at any address, whoever sends them."""

import io
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from cbmportal import uploads

SIGN_IN = "/en/account/login/"


def send(name: str, size: int) -> int:
    file = ContentFile(b"x" * size, name)
    return Client().post(SIGN_IN, {"login": "x", "file": file}).status_code


@pytest.mark.parametrize("size", [10, 1_100_000])
@pytest.mark.parametrize("ending", ["x" * 250, "漢" * 90])
def test_an_ending_longer_than_names_on_a_disk_breaks_nothing(db: None, size: int, ending: str) -> None:
    assert send(f"a.{ending}", size) == 200


@pytest.mark.parametrize(("size", "status"), [(1_100_000, 200), (1_300_000, 400)])
def test_what_is_larger_than_any_form_takes_is_refused(
    db: None, monkeypatch: pytest.MonkeyPatch, size: int, status: int
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_REQUEST", 1_200_000)
    assert send("a.pdf", size) == status


@pytest.mark.parametrize(("longest", "heard"), [(5_000_000, 3_000_000), (1_000_000, 1_048_576)])
def test_a_browser_may_send_to_the_end_before_it_is_refused_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, longest: int, heard: int
) -> None:
    monkeypatch.setattr(uploads, "LONGEST_LISTENING", longest)
    body = io.BytesIO(b"x" * 3_000_000)
    with pytest.raises(RequestDataTooBig):
        uploads.BoundedUploadHandler().handle_raw_input(body, {}, uploads.LARGEST_REQUEST + 1)
    assert body.tell() == heard


class Arriving(io.BytesIO):
    """A body that comes in pieces, and of which not everything comes."""

    def __init__(self, body: bytes, then: Callable[[], None]) -> None:
        super().__init__(body)
        self.then = then

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 2_000_000:
            self.then()
        return super().read(size)


def take_in(then: Callable[[], None], size: int = 3_000_000) -> UploadedFile[bytes]:
    body = encode_multipart(BOUNDARY, {"file": ContentFile(b"x" * size, "note.pdf")})
    environ = RequestFactory()._base_environ(
        REQUEST_METHOD="POST", CONTENT_TYPE=MULTIPART_CONTENT, CONTENT_LENGTH=len(body)
    )
    request = WSGIRequest(environ | {"wsgi.input": Arriving(body, then)})
    file: UploadedFile[bytes] = request.FILES["file"]
    return file


def test_a_process_killed_during_an_upload_leaves_no_file(settings: Any, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    child = os.fork()
    if not child:
        try:
            take_in(then=lambda: os.kill(os.getpid(), signal.SIGKILL))
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert list(tmp_path.iterdir()) == []


def test_a_sender_who_goes_away_leaves_no_file(settings: Any, tmp_path: Path) -> None:
    def go_away() -> None:
        raise OSError("the connection is gone")

    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    with pytest.raises(UnreadablePostError):
        take_in(then=go_away)
    assert list(tmp_path.iterdir()) == []


def test_while_it_is_read_a_large_upload_has_no_name_on_the_disk(settings: Any, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    file = take_in(then=lambda: None)
    assert (file.name, file.size, file.read(3)) == ("note.pdf", 3_000_000, b"xxx")
    assert list(tmp_path.iterdir()) == []
    assert os.fstat(file.fileno()).st_dev == tmp_path.stat().st_dev
