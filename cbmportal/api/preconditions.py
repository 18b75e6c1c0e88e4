"""Which version of a record an answer shows, and which one its writer has read."""

import hashlib
from typing import Any

from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request

from cbmportal.api.problems import DETAILS
from cbmportal.history.models import Record
from cbmportal.history.services import StaleRecord


class PreconditionRequired(APIException):
    status_code = 428
    default_detail = DETAILS[428]


def etag_of(content: bytes, data: Any) -> str:
    """A hash of the bytes. Before that of a record stands its version, which is all that writing compares."""
    digest = hashlib.blake2b(content, digest_size=16).hexdigest()
    version = data.get("version") if isinstance(data, dict) else None
    return f'"{version}-{digest}"' if version else f'"{digest}"'


def version_read(request: Request, record: Record) -> int | None:
    """The version that the writer has read, for the service to compare under the lock; None if any will do.

    A change of fields has to say it; a step, such as submitting, may.
    """
    header = request.headers.get("If-Match")
    if header is None:
        if request.method == "PATCH":
            raise PreconditionRequired
        return None
    tags = parse_etags(header)
    if not tags:
        raise ParseError(_("Write the ETag into If-Match as you have read it, with its quotation marks."))
    if tags == ["*"]:
        return None
    # A weak one keeps its W/, and so is never a version.
    versions = {tag.strip('"').partition("-")[0] for tag in tags}
    if str(record.version) not in versions:
        raise StaleRecord(record)
    return record.version
