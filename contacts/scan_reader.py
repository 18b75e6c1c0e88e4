"""The process that reads one scan: the file on standard input, its verdict as one word on standard output.

What the words mean to people, contacts/scans.py says. Whatever else happens here, the file could not be read.
"""

import io
import sys
from collections.abc import Iterator
from typing import Any

from cbmportal.bounds import bound

MOST_MEMORY = 1024**3
MOST_SECONDS = 10
MOST_PAGES = 50
#: A side of A3 at 1200 dots an inch, and an area that decoding still has memory for.
LONGEST_SIDE, MOST_PIXELS = 20_000, 100_000_000
#: Where a reader of PDF looks for the end of the file.
END = 1024
#: What makes a PDF more than paper: scripts, programs to start, forms with scripts, files within the file.
ACTIVE_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMedia"}
ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute"}
FILE_KEYS = {"/EF", "/EmbeddedFiles", "/EmbeddedFile"}


class Refused(Exception):
    """With the word for the reason."""


def read_pdf(content: bytes) -> None:
    from pypdf.errors import LimitReachedError

    if b"%%EOF" not in content[-END:]:
        raise Refused("broken")
    try:
        read_pages(content)
    except LimitReachedError as error:
        raise Refused("too_much") from error


def read_pages(content: bytes) -> None:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise Refused("encrypted")
    if not 1 <= len(reader.pages) <= MOST_PAGES:
        raise Refused("too_many_pages" if reader.pages else "no_page")
    for one in parts(reader.trailer):
        refuse_active(one)
    for page in reader.pages:
        if (drawn := page.get_contents()) is not None:
            drawn.get_data()


def parts(whole: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary that hangs on this one, each once."""
    from pypdf.generic import IndirectObject

    waiting, seen = [whole], set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in seen:
                continue
            seen.add(one.idnum)
            one = one.get_object()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def refuse_active(one: dict[str, Any]) -> None:
    # Read by brackets: they follow a reference to where the kind is written, which get() does not.
    kinds = {one[key] for key in ("/Type", "/Subtype", "/S") if key in one and isinstance(one[key], str)}
    names = {*one, *kinds}
    if names & ACTIVE_KEYS or kinds & ACTIONS:
        raise Refused("active")
    if names & FILE_KEYS:
        raise Refused("holds_files")


def read_picture(content: bytes, kind: str) -> None:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # the limits below stand instead
    with Image.open(io.BytesIO(content), formats=[kind]) as picture:
        width, height = picture.size
        if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
            raise Refused("too_many_pixels")
        if kind == "PNG" and getattr(picture, "is_animated", False):
            raise Refused("animated")
        picture.load()


def read_jpeg(content: bytes) -> None:
    read_picture(content, "JPEG")


def read_png(content: bytes) -> None:
    read_picture(content, "PNG")


READERS = {"application/pdf": read_pdf, "image/jpeg": read_jpeg, "image/png": read_png}


def verdict(media_type: str, content: bytes) -> str:
    try:
        READERS[media_type](content)
    except Refused as refused:
        return str(refused)
    except (MemoryError, RecursionError):
        return "too_much"
    except ImportError:  # the portal's fault
        raise
    except Exception:  # a keeper of keys that the parser does not know
        return "encrypted" if b"/Encrypt" in content else "broken"
    return "read"


def main(media_type: str) -> None:
    bound(memory=MOST_MEMORY, seconds=MOST_SECONDS)
    sys.stdout.write(verdict(media_type, sys.stdin.buffer.read()))


if __name__ == "__main__":
    main(sys.argv[1])
