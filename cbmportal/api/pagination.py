import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from cbmportal.api.records import Order

WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True)
class Page:
    """Some of the records of a list, by their keys, and where those before and after are."""

    count: int
    keys: list[int]
    next: str | None
    previous: str | None

    def with_records(self, records: list[Any]) -> dict[str, Any]:
        return {"count": self.count, "next": self.next, "previous": self.previous, "results": records}


class Pages(BasePagination):
    """Pages by number. The whole order of a list is known, so the last page costs what the first does."""

    page_size = 100
    max_page_size = 200

    def page_of(self, order: Order, request: Request) -> Page:
        size = _whole_number(request, "page_size", self.page_size)
        if size > self.max_page_size:
            raise ValidationError({"page_size": [_("At most %(most)d.") % {"most": self.max_page_size}]})
        number = _whole_number(request, "page", 1)
        first, last = (number - 1) * size, number * size
        if first and first >= len(order):
            raise ValidationError({"page": [_("There is no such page.")]})
        return Page(
            len(order),
            order.part(first, last),
            _address(request, number + 1) if last < len(order) else None,
            _address(request, number - 1) if first else None,
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "properties": {
                "count": {"type": "integer", "minimum": 0},
                "next": address,
                "previous": address,
                "results": schema,
            },
            "required": ["count", "next", "previous", "results"],
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        texts = {
            "page": (_("The number of the page, from 1."), {}),
            "page_size": (_("Records on a page."), {"maximum": self.max_page_size}),
        }
        return [
            {
                "name": name,
                "required": False,
                "in": "query",
                "description": description,
                "schema": {"type": "integer", "minimum": 1, **most},
            }
            for name, (description, most) in texts.items()
        ]


def _address(request: Request, page: int) -> str:
    """The same list at another page; the first is the list itself."""
    here = request.build_absolute_uri()
    found: str = remove_query_param(here, "page") if page == 1 else replace_query_param(here, "page", page)
    return found


def _whole_number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not WHOLE_NUMBER.fullmatch(text):
        raise ValidationError({name: [_("Give a whole number, 1 or more.")]})
    return int(text)
