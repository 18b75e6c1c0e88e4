from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware


class CompressedPagesMiddleware(GZipMiddleware):
    """Pages travel compressed. What has a strong ETag stays as it is: compression would weaken the tag."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        is_page = isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith(
            "text/html"
        )
        return super().process_response(request, response) if is_page else response
