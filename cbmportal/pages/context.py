from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """What every page may ask for: the viewer, and whether this is a demonstration."""
    return {"viewer": getattr(request, "viewer", None), "demo": settings.PORTAL_DEMO}
