"""Who is told what of activities."""

import pytest

from cbmportal.notices.models import Notice
from contacts.access import portal, viewer_of
from contacts.services import curate
from measures.models import Evidence, Measure
from measures.services import change_activity, report_activity


@pytest.fixture
def training(db):
    measure = Measure(number=5, evidence=Evidence.ACTIVITIES, adopted_on="2022-01-01")
    return curate(measure, by=portal(), reason="test")


def told():
    return {(notice.kind, notice.to.email) for notice in Notice.objects.select_related("to")}


def test_activities_are_told_to_colleagues(chile, training, delegate, designator, neighbour, officer):
    own = viewer_of(delegate)
    course = report_activity(
        state=chile, by=own, measure=training, title="Curso", language="es", date="2025", place="Santiago"
    )
    change_activity(activity=course, changes={"title": "Curso de verano"}, by=own)
    assert told() == {("activity_reported", designator.email), ("activity_changed", designator.email)}


def test_what_the_secretariat_changes_is_told_to_the_delegates_with_its_reason(
    chile, training, delegate, officer, delivered
):
    course = report_activity(
        state=chile,
        by=portal(),
        reason="test",
        measure=training,
        title="Curso",
        language="es",
        date="2025",
        place="Santiago",
    )
    delegate.notice_pace = "at_once"
    delegate.save()
    by = viewer_of(officer, via="admin")
    change_activity(activity=course, changes={"title": "Taller"}, by=by, reason="It was a workshop")
    [message] = delivered()
    assert message.to == [delegate.email]
    assert "Curso → Taller" in message.body
    assert "“It was a workshop”" in message.body
