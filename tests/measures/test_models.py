"""Measures, their texts, activities: what the database refuses and who sees what."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import override

from cbmportal.accounts.models import User
from contacts.access import portal, viewer_of
from contacts.models import State
from contacts.services import curate
from measures.models import Activity, Measure, MeasureText, Milestone, ReportedFigure
from measures.services import change_activity, report_activity
from tests.conftest import CAST, Cast
from tests.contacts.test_models import refused


def make_measure(number: int, evidence: str) -> Measure:
    return curate(
        Measure(number=number, evidence=evidence, adopted_on=date(2019, 6, 27)), by=portal(), reason="test"
    )


@pytest.fixture
def capacity(db: None) -> Measure:
    """Measure 4, implemented by activities."""
    return make_measure(4, "activities")


@pytest.fixture
def workshop(capacity: Measure, chile: State, delegate: User) -> Activity:
    return report_activity(
        state=chile,
        by=viewer_of(delegate),
        measure=capacity,
        title="Taller",
        language="es",
        date="2026-03",
        place="Santiago",
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"language": "xx"},
        {"audience": "secretariat"},
        {"date": ""},
        {"date": "2026-3"},
        {"end_date": "2026-02"},
        {"place": ""},
    ],
    ids=str,
)
def test_the_database_refuses_an_activity_with(workshop: Activity, fields: dict[str, Any]) -> None:
    assert refused(lambda: Activity.objects.filter(pk=workshop.pk).update(**fields))


def test_an_activity_may_be_online_and_nowhere(workshop: Activity) -> None:
    assert not refused(lambda: Activity.objects.filter(pk=workshop.pk).update(place="", online=True))


def test_activities_belong_to_measures_that_ask_for_them(workshop: Activity, delegate: User) -> None:
    policies = make_measure(1, "policies")
    with pytest.raises(ValidationError) as refusal:
        change_activity(activity=workshop, changes={"measure": policies}, by=viewer_of(delegate))
    assert list(refusal.value.message_dict) == ["measure"]


def test_an_activity_for_members_is_seen_by_members(cast: Cast, workshop: Activity) -> None:
    for audience, readers in (
        ("public", set(CAST)),
        ("members", set(CAST) - {"visitor", "inactive", "former"}),
    ):
        Activity.objects.filter(pk=workshop.pk).update(audience=audience)
        assert {name for name in CAST if Activity.objects.visible_to(cast.viewer(name)).exists()} == readers


@pytest.mark.parametrize("name", sorted(set(CAST) - {"delegate", "designator", "officer"}))
def test_only_the_state_and_the_secretariat_report_activities(
    cast: Cast, workshop: Activity, capacity: Measure, chile: State, name: str
) -> None:
    viewer = cast.viewer(name)
    with pytest.raises(PermissionDenied):
        change_activity(activity=workshop, changes={"title": "X"}, by=viewer)
    with pytest.raises(PermissionDenied):
        report_activity(
            state=chile, by=viewer, measure=capacity, title="X", language="es", date="2026", online=True
        )


def test_a_delegate_writes_only_what_an_activity_is(
    workshop: Activity, delegate: User, colombia: State
) -> None:
    with pytest.raises(ValidationError) as refusal:
        change_activity(activity=workshop, changes={"state": colombia}, by=viewer_of(delegate))
    assert list(refusal.value.message_dict) == ["state"]


def write_text(measure: Measure, **fields: Any) -> MeasureText:
    return MeasureText.objects.create(
        measure=measure,
        **{"language": "es", "edition": 1, "status": "official", "short": "Corto", "text": "Texto", **fields},
    )


def test_texts_of_a_measure_keep_their_editions(capacity: Measure) -> None:
    write_text(capacity)
    assert refused(lambda: write_text(capacity))
    assert refused(lambda: write_text(capacity, language="de"))
    assert refused(lambda: write_text(capacity, language="en", status="draft"))
    assert refused(lambda: write_text(capacity, language="en", text=""))
    assert not refused(lambda: write_text(capacity, edition=2, short="Más corto"))
    with override("es"):
        assert Measure.objects.prefetch_related("texts").get().text.short == "Más corto"
    with override("fr"):
        assert Measure.objects.prefetch_related("texts").get().text is None


def test_the_secretariat_adds_the_next_measure_without_a_developer(capacity: Measure) -> None:
    assert make_measure(7, "activities").number == 7
    assert refused(lambda: Measure.objects.filter(pk=capacity.pk).update(evidence="wishes"))
    assert refused(lambda: Measure.objects.filter(pk=capacity.pk).update(number=0))


def test_milestones_and_figures_are_dated(db: None) -> None:
    titles = {f"title_{language}": "x" for language in ("en", "es", "pt", "fr")}
    assert not refused(lambda: Milestone.objects.create(date="1994-03", **titles))
    assert refused(lambda: Milestone.objects.create(date="1994-03", **titles))
    assert refused(lambda: Milestone.objects.create(date="", **titles))
    assert refused(lambda: Milestone.objects.create(date="1995", end_date="1994", **titles))
    figure = {"date": date(2019, 4, 24), "value": 28, "source": "x"}
    assert not refused(lambda: ReportedFigure.objects.create(figure="states_with_policies", **figure))
    assert refused(lambda: ReportedFigure.objects.create(figure="states_with_policies", **figure))
    assert refused(lambda: ReportedFigure.objects.create(figure="states_happy", **figure))
