"""My state's activities: reported and corrected by its delegates."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from contacts.access import portal, viewer_of
from contacts.models import Participation
from contacts.services import curate
from measures.implementation import region, region_as_of
from measures.models import Activity, Evidence, Measure, MeasureText
from measures.services import take_back_activity

NEW = "/en/my/CHL/activities/new/"


@pytest.fixture
def training(db):
    measure = curate(
        Measure(number=5, evidence=Evidence.ACTIVITIES, adopted_on="2022-01-01"), by=portal(), reason="test"
    )
    curate(
        MeasureText(
            measure=measure, language="en", status="official", short="Train diplomats", text="Train."
        ),
        by=portal(),
        reason="test",
    )
    return measure


def typed(training, **changes):
    return {
        "measure": training.pk,
        "title": "Curso de ciberdiplomacia",
        "language": "es",
        "description": "Tres días.",
        "date": "2025-05",
        "end_date": "",
        "place": "Santiago",
        "partners": "Academia Diplomática\r\nOEA",
        "link": "",
        "audience": "public",
    } | changes


@pytest.fixture
def course(browse, delegate, training):
    browse(delegate).post(NEW, typed(training))
    return Activity.objects.get()


def edit(activity):
    return f"/en/my/CHL/activities/{activity.uuid}/"


def test_a_delegate_reports_an_activity(browse, delegate, training, chile):
    assert browse(delegate).post(NEW, typed(training))["Location"] == "/en/my/CHL/"
    activity = Activity.objects.get()
    assert (activity.state, activity.partners, activity.date) == (
        chile,
        ["Academia Diplomática", "OEA"],
        "2025-05",
    )
    assert "Curso de ciberdiplomacia" in browse(delegate).get("/en/my/CHL/").content.decode()


def test_only_measures_that_ask_for_activities_are_offered(browse, delegate, training):
    other = curate(
        Measure(number=1, evidence=Evidence.POLICIES, adopted_on="2018-01-01"), by=portal(), reason="test"
    )
    page = browse(delegate).get(NEW)
    assert "Measure 5: Train diplomats" in page.content.decode()
    assert list(page.context["form"].fields["measure"].queryset) == [training]
    answer = browse(delegate).post(NEW, typed(training, measure=other.pk))
    assert list(answer.context["form"].errors) == ["measure"]


def test_a_delegate_corrects_an_activity_and_its_history_shows_it(browse, delegate, training, course):
    client = browse(delegate)
    changed = typed(training, title="Curso", version=course.version)
    assert client.post(edit(course), changed).status_code == 302
    newest = client.get(f"{edit(course)}history/").context["changes"][0]
    assert [(one.label, one.before, one.after) for one in newest.differences] == [
        ("title", "Curso de ciberdiplomacia", "Curso")
    ]
    stale = client.post(edit(course), changed | {"title": "Otro"})
    assert "Somebody else changed this entry" in stale.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("title", "a" * 10_000, "title"),
        ("title", "a\x00b", "title"),
        ("date", "yesterday", "date"),
        ("end_date", "2024", "__all__"),
        ("place", "", "__all__"),
        ("audience", "secretariat", "audience"),
        ("measure", "x\x00", "measure"),
        ("partners", "a\u202eb", "partners"),
    ],
)
def test_bad_input_is_an_error_in_words(browse, delegate, training, course, field, value, wrong):
    answer = browse(delegate).post(edit(course), typed(training, version=course.version, **{field: value}))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [wrong]
    course.refresh_from_db()
    assert course.version == 1


@pytest.mark.parametrize("who", ["neighbour", "member", "observer", "duty_desk"])
def test_others_see_an_activity_but_do_not_change_it(request, browse, training, course, who):
    client = browse(request.getfixturevalue(who))
    assert client.post(edit(course), typed(training, title="X", version=course.version)).status_code == 403
    assert client.post(NEW, typed(training)).status_code == 404
    assert client.get(f"{edit(course)}history/").status_code == 404
    assert list(Activity.objects.values_list("title", flat=True)) == ["Curso de ciberdiplomacia"]


def test_an_activity_kept_to_members_is_out_of_sight_for_one_without_access(
    browse, training, course, former, delegate
):
    data = typed(training, audience="members", version=course.version)
    assert browse(delegate).post(edit(course), data).status_code == 302
    assert browse(former).get(edit(course)).status_code == 404


def test_an_activity_is_taken_back_and_reported_again(browse, delegate, neighbour, officer, course):
    step, own = f"{edit(course)}take-back/", browse(delegate)
    assert course.title in browse().get("/en/states/CHL/").content.decode()
    assert "is taken back" in own.post(step, follow=True).content.decode()
    for address in ("/en/states/CHL/", "/en/measures/5/", "/api/v1/activities/"):
        assert course.title not in browse(neighbour).get(address).content.decode()
        assert course.title not in own.get(address).content.decode()
    assert "Taken back" in own.get("/en/my/CHL/").content.decode()
    assert browse(neighbour).get(edit(course)).status_code == 404
    assert own.get(f"{edit(course)}history/").context["changes"][0].differences[0].label == "taken back"
    assert "is reported again" in own.post(step, {"again": "1"}, follow=True).content.decode()
    assert course.title in browse().get("/en/states/CHL/").content.decode()


def test_what_is_taken_back_counts_no_longer_in_figures_either(chile, delegate, training, course):
    by = viewer_of(delegate)
    day = date(2026, 6, 1)
    participation = Participation(state=chile, status="participating", from_date=date(1948, 1, 1))
    curate(participation, by=portal(), reason="test")
    assert [one.records for one in region(by, day).measures] == [1]
    take_back_activity(activity=course, by=by)
    assert [one.records for one in region(by, day).measures] == [0]
    today = datetime.now(UTC).date()
    assert [one.records for one in region_as_of(by, today).measures] == [0]


@pytest.mark.parametrize("who", ["neighbour", "observer", "visitor"])
def test_only_its_own_state_takes_an_activity_back(cast, course, who):
    with pytest.raises(PermissionDenied):
        take_back_activity(activity=course, by=cast.viewer(who))
