from collections.abc import Mapping
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError


class JSONParser(parsers.BaseParser):
    """Reads the body whole, so that DATA_UPLOAD_MAX_MEMORY_SIZE holds here as it does for forms."""

    media_type = "application/json"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            return orjson.loads(stream.body)
        except orjson.JSONDecodeError as error:
            raise ParseError(_("The body of the request is not valid JSON.")) from error
