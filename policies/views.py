from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from cbmportal.language import alphabetical
from contacts.access import Viewer
from contacts.models import State
from contacts.requests import ViewerRequest, page_asked_for, query_without_page
from policies.filters import PolicyFilter
from policies.models import PolicyFile, PolicySubmission, PolicyTranslation
from policies.querysets import PolicySubmissionQuerySet

RECORDS_ON_A_PAGE = 20
ANY = pgettext_lazy("choice", "Any")


class PageFilter(PolicyFilter):
    """The search form of the page: the filters that a reader fills in."""

    published_since = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = sorted(State.objects.all(), key=lambda state: alphabetical(state.name))
        fields = self.form.fields
        fields["state"].widget.choices = [("", ANY), *((one.iso3, one.name) for one in states)]
        for name in ("kind", "language", "status"):
            given = [choice for choice in fields[name].choices if choice[0]]
            fields[name].widget.choices = [("", ANY), *given]

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
        "form": search.form,
        "page": page,
        "searched": search.asks(*search.form.fields),
        "refined": search.asks("kind", "language", "status", "year_from", "year_to"),
        "query": query_without_page(request),
    }
    return render(
        request, "policies/policy_list.html", context, status=200 if search.form.is_valid() else 400
    )


@login_not_required
@require_safe
def policy(request: ViewerRequest, ref: str) -> HttpResponse:
    visible = listed(request.viewer)
    copies = Prefetch("files", PolicyFile.objects.visible_to(request.viewer))
    found = get_object_or_404(visible.select_related("submitted_by").prefetch_related(copies), ref=ref)
    context = {
        "policy": found,
        "own": request.viewer.represents(found.state_id),
        "successor": visible.filter(pk=found.superseded_by_id).first(),
        "predecessors": visible.filter(superseded_by=found),
    }
    return render(request, "policies/policy_detail.html", context)
