from datetime import UTC, datetime

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cbmportal.language import alphabetical
from contacts.models import State
from contacts.requests import ViewerRequest
from measures.implementation import Region, region
from measures.models import Activity

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
