"""Bars drawn as SVG on the server. Widths are shares of the picture, so that text keeps its size on a telephone."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from measures.implementation import Region
from measures.models import FigureKind, Measure, ReportedFigure

LETTERS_IN_A_LINE = 41  # what 288 pixels hold, the width of the smallest screens
LINE = 20
BAR = 16
GAP = 18
WIDEST = 76  # per cent; the rest is for the number behind the bar


#: The figures of former years that count states which shared or named something.
OF_STATES = (
    FigureKind.STATES_WITH_NATIONAL_CONTACTS,
    FigureKind.STATES_WITH_UPDATED_CONTACTS,
    FigureKind.STATES_WITH_POLICIES,
)


@dataclass(frozen=True)
class Bar:
    label: list[tuple[str, int]]
    top: int
    width: str
    value: str

    @property
    def foot(self) -> int:
        """The baseline of the number."""
        return self.top + BAR - 3


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    height: int
    whole: str = f"{WIDEST}%"
    thickness: int = BAR


def bar_chart(rows: Iterable[tuple[str, int, str]], whole: int) -> Chart:
    """Of each row the label, the number and the number in words; `whole` is as long as a bar can be."""
    bars: list[Bar] = []
    y = 0
    for label, number, value in rows:
        lines = textwrap.wrap(label, LETTERS_IN_A_LINE)
        places = [y + LINE * place - 5 for place in range(1, len(lines) + 1)]
        top = y + LINE * len(lines)
        width = f"{WIDEST * number / whole:.2f}%" if whole else "0%"
        bars.append(Bar(list(zip(lines, places, strict=True)), top, width, value))
        y = top + BAR + GAP
    return Chart(bars, y)


def measures_chart(found: Region) -> Chart:
    whole = len(found.participating)
    words = pgettext("states", "%(count)d of %(total)d")
    rows = [
        (name_of(one.measure), one.count, words % {"count": one.count, "total": whole})
        for one in found.measures
    ]
    return bar_chart(rows, whole)


def reported_chart(figures: Iterable[ReportedFigure], whole: int) -> Chart:
    rows = [
        (f"{one.get_figure_display()}, {one.date.year}", one.value, str(one.value))
        for one in figures
        if one.figure in OF_STATES
    ]
    return bar_chart(rows, max([whole, *(number for _label, number, _value in rows)]))


def name_of(measure: Measure) -> str:
    if measure.text is None:
        return str(measure)
    return _("%(number)s. %(short)s") % {"number": measure.number, "short": measure.text.short}
