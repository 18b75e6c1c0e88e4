"""Published policies as an Atom feed, in the reader's language: what a visitor sees, whoever asks."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from cbmportal.dates import partial_date
from cbmportal.language import reader_language
from contacts.access import VISITOR
from policies.models import PolicySubmission, Provenance
from policies.views import listed

ENTRIES = 50
NAMESPACE = uuid.UUID("f0a7f5b4-6b0c-4d0e-9c54-2a4f1c1d0a52")


class InManyLanguages(Atom1Feed):
    """An entry says which language its title is in, for not every document has been translated."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}


class PolicyFeed(Feed):  # type: ignore[type-arg]
    feed_type = InManyLanguages

    def title(self) -> str:
        return _("CBM portal: cybersecurity policies and laws")

    def subtitle(self) -> str:
        return _(
            "What the member states of the Organization of American States have shared, the latest first."
        )

    def link(self) -> str:
        return reverse("policies")

    def feed_guid(self) -> str:
        return uuid.uuid5(NAMESPACE, reader_language()).urn

    def items(self) -> list[PolicySubmission]:
        shown = listed(VISITOR).alias(since=Coalesce(F("published_at"), F("created_at")))
        return list(shown.order_by("-since", "ref")[:ENTRIES])

    def item_guid(self, item: PolicySubmission) -> str:
        return item.uuid.urn

    def item_title(self, item: Any) -> str:
        translation = item.in_reader_language
        return str(translation.title if translation else item.title)

    def item_description(self, item: Any) -> str:
        """As HTML: what a list says of the record, and the description in the language it is written in."""
        facts = [item.state.name, item.get_kind_display(), partial_date(item.date), item.ref]
        lines = [" · ".join(str(fact) for fact in facts if fact), provenance(item)]
        said = format_html_join("", '<p lang="{}">{}</p>', ((reader_language(), line) for line in lines))
        return said + description(item)

    def item_extra_kwargs(self, item: Any) -> dict[str, Any]:
        translated = item.in_reader_language is not None
        return {"language": reader_language() if translated else item.language}

    def item_author_name(self, item: PolicySubmission) -> str:
        if item.provenance == Provenance.COMPILED:
            return _("Technical Secretariat (CICTE)")
        return item.state.name

    def item_categories(self, item: PolicySubmission) -> list[str]:
        return [item.state.name, item.get_kind_display(), item.get_provenance_display()]

    def item_pubdate(self, item: PolicySubmission) -> datetime:
        return item.published_at or item.created_at

    def item_updateddate(self, item: PolicySubmission) -> datetime:
        latest: datetime = max([item.updated_at, *(one.updated_at for one in item.translations.all())])
        return latest


def provenance(policy: PolicySubmission) -> str:
    if policy.provenance == Provenance.COMPILED:
        return _("Compiled from public sources, not submitted by the state")
    return str(policy.get_provenance_display())


def description(policy: Any) -> SafeString:
    translation = policy.in_reader_language
    shown = translation if translation and translation.description else policy
    paragraphs = ((shown.language, line) for line in shown.description.splitlines() if line.strip())
    return format_html_join("", '<p lang="{}">{}</p>', paragraphs)


@login_not_required
@require_safe
@gzip_page
@conditional_page
def policies_feed(request: HttpRequest) -> HttpResponse:
    return PolicyFeed()(request)
