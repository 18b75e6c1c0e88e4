"""Who has read our entries: what a state is told of the reading of its part of the directory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contacts.models import DirectoryRead, ReadVia, State
from contacts.my_views import state_represented
from contacts.reads import reader_in_words
from contacts.requests import ViewerRequest

PAGE_SIZE = 50


@dataclass(frozen=True)
class Reading:
    day: date
    reader: str
    ways: list[str]


@require_safe
def reads(request: ViewerRequest, iso3: str) -> HttpResponse:
    state = state_represented(request, iso3)
    rows = DirectoryRead.objects.visible_to(request.viewer).filter(state=state).by_reader()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    states = {one.iso3: one.name for one in State.objects.visible_to(request.viewer)}
    context = {
        "state": state,
        "page": page,
        "readings": [_reading(row, states) for row in page],
        "days": settings.READ_LOG_DAYS,
    }
    return render(request, "my/reads.html", context)


def _reading(row: Mapping[str, Any], states: Mapping[str, str]) -> Reading:
    reader = reader_in_words([states[code] for code in row["reader_states"]], row["organisation"])
    return Reading(row["day"], reader, [str(ReadVia(way).label) for way in row["ways"]])
