"""What has happened in this field, year by year, the newest first."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count
from django.db.models.functions import Left

from contacts.access import Viewer
from measures.models import Measure, Milestone, ReportedFigure
from policies.models import PolicySubmission


@dataclass
class Year:
    name: str
    #: Each step with the measures that its resolutions adopted.
    steps: list[tuple[Milestone, list[Measure]]] = field(default_factory=list)
    figures: list[ReportedFigure] = field(default_factory=list)
    #: How many documents of the repository are dated in it.
    documents: int = 0


def years(viewer: Viewer) -> list[Year]:
    found: dict[str, Year] = {}

    def year(name: str) -> Year:
        return found.setdefault(name, Year(name))

    adopted = _adopted_by(Measure.objects.visible_to(viewer))
    for step in Milestone.objects.visible_to(viewer).order_by("-date", "-pk"):
        measures = {one.number: one for reference in _parts(step.reference) for one in adopted[reference]}
        year(step.date[:4]).steps.append((step, [measures[number] for number in sorted(measures)]))
    for figure in ReportedFigure.objects.visible_to(viewer):
        year(f"{figure.date.year:04}").figures.append(figure)
    for name, count in _documents(viewer):
        year(name).documents = count
    return [found[name] for name in sorted(found, reverse=True)]


def _documents(viewer: Viewer) -> Iterable[tuple[str, int]]:
    dated = PolicySubmission.objects.visible_to(viewer).exclude(date="").order_by()
    counted = dated.annotate(year=Left("date", 4)).values("year").annotate(documents=Count("*"))
    yield from counted.values_list("year", "documents")


def _adopted_by(measures: Iterable[Measure]) -> dict[str, list[Measure]]:
    """The measures by the resolutions that adopted them."""
    found: dict[str, list[Measure]] = defaultdict(list)
    for measure in measures:
        for reference in (*_parts(measure.adopting_resolution), *_parts(measure.cicte_resolution)):
            found[reference].append(measure)
    return found


def _parts(reference: str) -> list[str]:
    """The documents that a reference names, without paragraph and without the spaces that some write."""
    named = (part.partition(",")[0] for part in reference.split(";"))
    return [plain for part in named if (plain := re.sub(r"\s", "", part))]
