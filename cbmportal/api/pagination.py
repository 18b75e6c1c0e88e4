import re
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class Pages(PageNumberPagination):
    page_size = 100
    max_page_size = 200
    page_size_query_param = "page_size"

    def get_page_size(self, request: Request) -> int:
        size = _whole_number(request, "page_size", self.page_size)
        if size > self.max_page_size:
            raise ValidationError({"page_size": [_("At most %(most)d.") % {"most": self.max_page_size}]})
        return size

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any] | None:
        _whole_number(request, "page", 1)
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound as error:
            raise ValidationError({"page": [_("There is no such page.")]}) from error

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
        parameters = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            most = {"maximum": self.max_page_size} if parameter["name"] == "page_size" else {}
            parameter["schema"] = {"type": "integer", "minimum": 1, **most}
        return parameters


def _whole_number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not WHOLE_NUMBER.fullmatch(text):
        raise ValidationError({name: [_("Give a whole number, 1 or more.")]})
    return int(text)
