"""What every page may ask for. Whatever needs the database waits until a template asks, so that error pages
can do without it.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cbmportal.pages.templatetags.portal import OWN_NAMES, language_tag
from contacts.access import VISITOR


def portal(request: HttpRequest) -> dict[str, Any]:
    return {
        "viewer": getattr(request, "viewer", VISITOR),
        "demo": settings.PORTAL_DEMO,
        "languages": languages(request),
        "alternates": lambda: alternates(request),
        "public_navigation": links(request, public_places()),
        "footer_navigation": links(request, footer_places()),
        "secretariat_email": settings.SECRETARIAT_EMAIL,
        "navigation": lambda: links(request, [*public_places(), *member_places(request)]),
        "account": lambda: account(request),
    }


def languages(request: HttpRequest) -> list[dict[str, Any]]:
    """The same page in each language; from an address without a language, the home page."""
    prefix, _slash, rest = request.get_full_path().lstrip("/").partition("/")
    prefixes = {code[:2] for code, _name in settings.LANGUAGES}
    return [
        {
            "tag": language_tag(code),
            "name": OWN_NAMES[code[:2]],
            "url": f"/{code[:2]}/{rest if prefix in prefixes else ''}",
            "current": code == get_language(),
        }
        for code, _name in settings.LANGUAGES
    ]


def alternates(request: HttpRequest) -> list[tuple[str, str]]:
    """The whole address of this page in each language, and the one that chooses, for search engines."""
    versions = [(one["tag"], one["url"]) for one in languages(request)]
    choosing = f"/{request.get_full_path().lstrip('/').partition('/')[2]}"
    return [(tag, request.build_absolute_uri(url)) for tag, url in (*versions, ("x-default", choosing))]


def public_places() -> list[tuple[str, str]]:
    return [
        ("home", pgettext("navigation", "Home")),
        ("states", _("States")),
        ("policies", _("Policies")),
        ("measures", _("Measures")),
        ("implementation", _("Implementation")),
    ]


def footer_places() -> list[tuple[str, str]]:
    return [
        ("timeline", _("Timeline")),
        ("glossary", _("Glossary")),
        ("about", pgettext("navigation", "About the portal")),
        ("privacy", _("Privacy")),
        ("accessibility", _("Accessibility")),
        ("api-docs", _("API")),
    ]


def member_places(request: HttpRequest) -> list[tuple[str, str]]:
    viewer = getattr(request, "viewer", VISITOR)
    if not viewer.member:
        return []
    places = [("directory", _("Directory"))]
    return [*places, ("my", _("My state"))] if viewer.delegate_of else places


def account(request: HttpRequest) -> dict[str, Any]:
    """Who is signed in and where their own pages are; for a visitor nobody and none."""
    if not request.user.is_authenticated:
        return {"person": "", "items": []}
    places = [("my", _("My page")), ("account_settings", _("Your account"))]
    viewer = getattr(request, "viewer", VISITOR)
    if viewer.secretariat:
        places.append(("admin:index", _("Administration")))
    return {"person": request.user.get_full_name(), "items": links(request, places)}


def links(request: HttpRequest, places: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    found = []
    for name, label in places:
        url = reverse(name)
        found.append({"url": url, "label": label, "current": _current(request.path, url, name)})
    return found


def _current(path: str, url: str, name: str) -> str:
    """The value of aria-current: this very page, or a page under it."""
    if path == url:
        return "page"
    return "true" if name != "home" and path.startswith(url) else ""
