"""What search engines find: every public page in the four languages, as a visitor sees them."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemaps
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from contacts.access import VISITOR
from contacts.models import State
from measures.models import Measure
from policies.models import PolicySubmission

PAGES = (
    *("home", "states", "policies", "measures", "implementation"),
    *("timeline", "glossary", "about", "privacy", "accessibility"),
)


class InEveryLanguage(Sitemap[Any]):
    i18n = True
    alternates = True
    x_default = True


class Pages(InEveryLanguage):
    def items(self) -> list[str]:
        return list(PAGES)

    def location(self, item: str) -> str:
        return reverse(item)


class Records(InEveryLanguage):
    def __init__(self, model: Any) -> None:
        self.model = model

    def items(self) -> list[Any]:
        return list(self.model.objects.visible_to(VISITOR))

    def lastmod(self, item: Any) -> datetime:
        changed: datetime = item.updated_at
        return changed


@login_not_required
@require_safe
@gzip_page
def sitemap(request: HttpRequest) -> HttpResponse:
    sections: dict[str, Any] = {
        "pages": Pages,
        **{model.__name__: Records(model) for model in (State, Measure, PolicySubmission)},
    }
    return sitemaps.sitemap(request, sections)
