"""An example of everything that the API takes and answers. People and addresses in them are fictional."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable, UnsupportedMediaType

from cbmportal.api.pagination import Pages
from cbmportal.api.problems import INVALID, problem

HOST = "https://portal.example.org"
RECORDS = "#/components/schemas/"


@cache
def written() -> dict[str, dict[str, Any]]:
    """`records` by the name of their schema, `answers` of other shapes by the operation."""
    found: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "examples.json").read_text())
    return found


def example(operation: str, schema: dict[str, Any], paths: Iterable[str]) -> Any:
    """An example of what is described by `schema`; None if nobody has written one."""
    name = schema.get("$ref", "").removeprefix(RECORDS)
    if name.startswith("Paginated"):
        return _page(written()["records"].get(name.removeprefix("Paginated").removesuffix("List")))
    if operation == "list_resources":
        return {path.strip("/").rpartition("/")[2]: HOST + path for path in paths if "{" not in path}
    return written()["records"].get(name, written()["answers"].get(operation))


def _page(record: Any) -> Any:
    return record and {"count": 1, "next": None, "previous": None, "results": [record]}


def problems(status: int) -> dict[str, Any]:
    """By name, as examples of OpenAPI are. Refused values are named: those of the address and those of the body."""
    if status == 400:
        faults = {
            "parameter": {"page_size": [_("At most %(most)d.") % {"most": Pages.max_page_size}]},
            "field": {
                "phone": [_("Write the number with its country code, for example +56 2 2345 6789.")],
            },
        }
        return {name: {"value": problem(400, INVALID, errors)} for name, errors in faults.items()}
    return {"problem": {"value": problem(status, _details().get(status, ""))}}


def _details() -> dict[int, Any]:
    """Of those whose sentence comes from elsewhere."""
    return {
        406: NotAcceptable.default_detail,
        409: _("This contact has ended and can no longer be changed."),
        415: str(UnsupportedMediaType.default_detail).format(media_type="text/plain"),
    }
