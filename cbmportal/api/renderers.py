from collections.abc import Mapping
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework import renderers


def _as_text(value: Any) -> str:
    """Translatable texts become text when they are sent, in the reader's language."""
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(type(value))


class JSONRenderer(renderers.BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_as_text)
