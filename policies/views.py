from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.access import Viewer
from contacts.filters import offer_choices
from contacts.requests import ViewerRequest, list_page, page_asked_for, query_without
from policies.filters import PolicyFilter
from policies.lists import records, tags_of
from policies.models import PolicyFile, PolicySubmission, PolicyTranslation
from policies.querysets import PolicySubmissionQuerySet

RECORDS_ON_A_PAGE = 20


class PageFilter(PolicyFilter):
    """The search form of the page: the filters that a reader fills in."""

    published_since = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self.form, {}, "kind", "language", "status")

    def asks(self, *names: str) -> bool:
        return any(self.form.data.get(name) for name in names)


def listed(viewer: Viewer) -> PolicySubmissionQuerySet:
    """The records that the viewer may see, with what a list says of each."""
    visible = PolicySubmission.objects.visible_to(viewer).select_related("state")
    texts = PolicyTranslation.objects.visible_to(viewer)
    found: PolicySubmissionQuerySet = visible.prefetch_related(Prefetch("translations", texts))
    return found


@login_not_required
@require_safe
def policies(request: ViewerRequest) -> HttpResponse:
    visible = listed(request.viewer)
    search = PageFilter(request.GET, visible)
    rows = search.qs if search.is_valid() else visible.none()
    page = page_asked_for(request, rows, RECORDS_ON_A_PAGE, search.form)
    context = {
        "page": page,
        "records": records(page),
        "searched": search.asks(*search.form.fields),
        "refined": search.asks("kind", "language", "status", "year_from", "year_to"),
        "query": query_without(request, "page"),
    }
    return list_page(request, "policies/policy_list.html", "policies/_found.html", search.form, context)


@login_not_required
@require_safe
def policy(request: ViewerRequest, ref: str) -> HttpResponse:
    visible = listed(request.viewer)
    copies = Prefetch("files", PolicyFile.objects.visible_to(request.viewer))
    found = get_object_or_404(visible.select_related("submitted_by").prefetch_related(copies), ref=ref)
    context = {
        "policy": found,
        "tags": tags_of(found),
        "address": request.build_absolute_uri(found.get_absolute_url()),
        "today": timezone.localdate(),
        "own": request.viewer.represents(found.state_id),
        "successor": visible.filter(pk=found.superseded_by_id).first(),
        "predecessors": visible.filter(superseded_by=found),
    }
    return render(request, "policies/policy_detail.html", context)
