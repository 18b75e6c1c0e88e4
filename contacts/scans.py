"""Scans of signed notes: taken in only if a parser reads them as what their first bytes say they are."""

import hashlib
import io
import logging
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbmportal.fields import UNSAFE_CHARACTERS
from contacts.scan_reader import MOST_PAGES, MOST_SECONDS

logger = logging.getLogger(__name__)

LONGEST_NAME = 200
#: Of each process of the portal, one scan at a time.
DESK = BoundedSemaphore(1)

FIRST_BYTES = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
#: How far into a file programs look for a PDF to begin.
LATEST_BEGINNING = 1024 + 5
#: What people hand in by mistake, and what somebody may hand in on purpose.
FOREIGN = (
    (rb"MZ|\x7fELF|#!|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe", "program"),
    (rb"PK(\x03\x04|\x05\x06)|Rar!|7z\xbc\xaf|\x1f\x8b", "archive"),
    (rb"\s*(\xef\xbb\xbf)?\s*<", "web_page"),
    (rb"\xd0\xcf\x11\xe0|\{\\rtf", "office"),
    (rb"GIF8|II\*\0|MM\0\*|BM|RIFF....WEBP|....ftyp", "other_picture"),
)
REASONS = {
    "empty": gettext_lazy("The file is empty."),
    "too_large": gettext_lazy("The file is larger than %(size)s. A scan in black and white is often enough."),
    "program": gettext_lazy("This file is a program, whatever its name says. Hand in a scan of the signed note."),
    "archive": gettext_lazy(
        "This file is an archive (ZIP) or an office document, whatever its name says. Hand in a scan of the note."
    ),
    "office": gettext_lazy("This file is an office document. Print it, have it signed, and hand in a scan."),
    "web_page": gettext_lazy("This file is a web page or a drawing (HTML, SVG), no scan. Hand in a PDF, JPEG or PNG."),
    "other_picture": gettext_lazy(
        "This kind of picture (GIF, TIFF, BMP, WebP, HEIC) is not taken in. Save it as a PDF, JPEG or PNG."
    ),
    "unknown": gettext_lazy("This file is neither PDF nor JPEG nor PNG, whatever its name says."),
    "late_pdf": gettext_lazy("Something else stands before the PDF in this file. Save or scan it anew as a PDF."),
    "hidden": gettext_lazy("An archive (ZIP) is hidden at the end of this file. Scan the signed note anew."),
    "broken": gettext_lazy("The file is damaged or was not sent whole: it cannot be opened. Scan the note anew."),
    "encrypted": gettext_lazy("The PDF is protected by a password or encrypted. Save it without protection."),
    "no_page": gettext_lazy("The PDF has no page."),
    "too_many_pages": gettext_lazy("The PDF has more than %(pages)d pages. Hand in the signed note alone."),
    "active": gettext_lazy("The PDF holds a script, a form or a program to start. Print it and scan the paper."),
    "holds_files": gettext_lazy("The PDF holds other files. Hand in the scan without attachments."),
    "too_many_pixels": gettext_lazy("The picture has too many pixels. Scan the note with at most 600 dots an inch."),
    "animated": gettext_lazy("The picture is animated. Hand in a still picture of the note."),
    "at_fault": gettext_lazy("The portal could not read the file just now. Try again, or tell the Secretariat."),
    "too_much": gettext_lazy("Reading this file takes more than a scan of a note ever does. Scan the note anew."),
}  # fmt: skip


@dataclass(frozen=True)
class Scan:
    """What was handed in, and what it is; `name` is for people to read and names no file on any disk."""

    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes


def _scan_help() -> str:
    size = filesizeformat(settings.SCAN_MAX_BYTES)
    return _("A scan as a PDF, or a photograph as JPEG or PNG; at most %(size)s.") % {"size": size}


SCAN_HELP: Any = lazy(_scan_help, str)()


def read_scan(upload: File[bytes]) -> Scan:
    """The file that was handed in, or why it is refused; neither its ending nor its declared type is believed."""
    content = _whole(upload)
    media_type = _media_type(content)
    if (verdict := _verdict(media_type, content)) != "read":
        raise _refused(verdict)
    digest = hashlib.sha256(content).hexdigest()
    return Scan(display_name(upload.name or ""), media_type, len(content), digest, content)


def _whole(upload: File[bytes]) -> bytes:
    upload.seek(0)
    content: bytes = upload.read(settings.SCAN_MAX_BYTES + 1)
    if not content:
        raise _refused("empty")
    if len(content) > settings.SCAN_MAX_BYTES:
        raise _refused("too_large")
    return content


def _media_type(content: bytes) -> str:
    kind = next((kind for begins, kind in FIRST_BYTES.items() if content.startswith(begins)), "")
    foreign = (word for begins, word in FOREIGN if re.match(begins, content, re.DOTALL))
    if not kind and (word := next(foreign, "")):
        raise _refused(word)
    if kind != "application/pdf" and b"%PDF-" in content[:LATEST_BEGINNING]:
        raise _refused("late_pdf")
    if not kind:
        raise _refused("unknown")
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise _refused("hidden")
    return kind


def _verdict(media_type: str, content: bytes) -> str:
    """One word of the process that reads it; an attack on the parser is not in the web server, and soon over."""
    with DESK:
        try:
            done = subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-m", "contacts.scan_reader", media_type],
                input=content,
                capture_output=True,
                cwd=settings.BASE_DIR,
                env={},
                timeout=MOST_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return "too_much"
        except OSError:
            logger.exception("No scan can be read")
            return "at_fault"
    if done.returncode > 0:
        logger.error("No scan can be read: %s", done.stderr.decode(errors="replace")[-2000:])
        return "at_fault"
    return done.stdout.decode() if done.returncode == 0 else "too_much"


def _refused(word: str) -> ValidationError:
    limits = {"pages": MOST_PAGES, "size": filesizeformat(settings.SCAN_MAX_BYTES)}
    return ValidationError({"scan": ValidationError(str(REASONS[word]) % limits, code=word)})


def display_name(name: str) -> str:
    """The last part of a path, of whatever system, without what a screen does not show; the ending is kept."""
    last = " ".join(UNSAFE_CHARACTERS.sub("", re.split(r"[/\\]", name)[-1]).split()).strip(" .")
    ending = PurePath(last).suffix[:10]
    return (last if len(last) <= LONGEST_NAME else last[: LONGEST_NAME - len(ending)] + ending) or _(
        "Signed note"
    )
