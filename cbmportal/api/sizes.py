"""How much a client may send. The body itself is measured when it is read, by DATA_UPLOAD_MAX_MEMORY_SIZE."""

from rest_framework.exceptions import APIException
from rest_framework.request import Request

from cbmportal.api.problems import DETAILS

#: Of an address, in bytes.
LONGEST_QUERY = 4000


class LengthRequired(APIException):
    status_code = 411
    default_detail = DETAILS[411]


class AddressTooLong(APIException):
    status_code = 414
    default_detail = DETAILS[414]


def refuse_unmeasured(request: Request) -> None:
    """A body in pieces says no length, and would be read as empty: nothing would be changed, and all seem well."""
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
        raise AddressTooLong
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        raise LengthRequired
