from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cbmportal.language import alphabetical
from contacts.access import Viewer
from contacts.models import State
from contacts.requests import ViewerRequest
from measures.chart import measures_chart, reported_chart
from measures.forms import AsOfForm
from measures.implementation import Region, region, region_as_of
from measures.models import Activity, ReportedFigure
from measures.timeline import years

ACTIVITIES_SHOWN = 50


@login_not_required
@require_safe
def measures(request: ViewerRequest) -> HttpResponse:
    return render(request, "measures/measure_list.html", {"region": _now(request)})


@login_not_required
@require_safe
def measure(request: ViewerRequest, number: int) -> HttpResponse:
    now = _now(request)
    found = next((one for one in now.measures if one.measure.number == number), None)
    if found is None:
        raise Http404
    states = State.objects.visible_to(request.viewer).filter(pk__in=found.states or ())
    activities = Activity.objects.visible_to(request.viewer).filter(measure=found.measure)
    context = {
        "measure": found.measure,
        "implementation": found,
        "participating": len(now.participating),
        "states": sorted(states, key=lambda state: alphabetical(state.name)),
        "activities": activities.select_related("state")[:ACTIVITIES_SHOWN],
        "activities_in_all": activities.count(),
    }
    return render(request, "measures/measure_detail.html", context)


def _now(request: ViewerRequest) -> Region:
    return region(request.viewer, datetime.now(UTC).date())


@login_not_required
@require_safe
def implementation(request: ViewerRequest) -> HttpResponse:
    form = AsOfForm(request.GET, today=datetime.now(UTC).date())
    found = _asked_for(request, form) if form.is_valid() else None
    figures = ReportedFigure.objects.visible_to(request.viewer)
    context = {
        "form": form,
        "as_of": form.cleaned_data.get("as_of"),
        "region": found,
        **(_figures_of(found, request.viewer) if found else {}),
        "reported": figures,
        "reported_chart": reported_chart(figures, len(found.participating) if found else 0),
    }
    status = 400 if form.errors else 200
    return render(request, "measures/implementation.html", context, status=status)


def _asked_for(request: ViewerRequest, form: AsOfForm) -> Region | None:
    as_of = form.cleaned_data["as_of"]
    return region_as_of(request.viewer, as_of) if as_of else _now(request)


def _figures_of(found: Region, viewer: Viewer) -> dict[str, Any]:
    """The chart of the measures, and for each the states that the viewer may know."""
    states = sorted(State.objects.visible_to(viewer), key=lambda state: alphabetical(state.name))
    counts = [one.count for one in found.measures]
    return {
        "chart": measures_chart(found),
        "lowest": min(counts, default=0),
        "highest": max(counts, default=0),
        "rows": [
            (one, [state for state in states if state.pk in (one.states or ())]) for one in found.measures
        ],
    }


@login_not_required
@require_safe
def timeline(request: ViewerRequest) -> HttpResponse:
    found = years(request.viewer)
    began = min((year.name for year in found if year.steps), default="")
    return render(request, "measures/timeline.html", {"years": found, "began": began})
