"""Who has read which state's entries: noted once a day, told to the state without the person, forgotten in time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from contacts.access import Right, grant_directory_access, grant_right, portal, viewer_of
from contacts.models import DirectoryRead, ReadVia
from contacts.reads import NOTED, forget_old_reads, note_reading
from contacts.services import change_contact_details
from tests.contacts.test_exports import KEY

LOG = "/en/my/CHL/reads/"


@pytest.fixture(autouse=True)
def nothing_noted_yet():
    NOTED.readings = set()


def noted(*names):
    return set(DirectoryRead.objects.values_list(*names))


def of_day(day=1, hour=12):
    """So many days from now: nobody's access has begun before."""
    return (datetime.now(UTC) + timedelta(days=day)).replace(hour=hour, minute=0, second=0, microsecond=0)


@pytest.mark.parametrize(
    ("address", "via"),
    [
        ("/en/directory/", "page"),
        ("/en/directory/{uuid}/", "page"),
        ("/en/states/CHL/", "page"),
        ("/en/directory/{uuid}/contact.vcf", "file"),
        ("/en/directory/{uuid}/key.asc", "file"),
        ("/api/v1/contacts/{uuid}/", "api"),
    ],
)
def test_every_way_of_reading_is_noted(browse, ana, neighbour, chile, address, via):
    change_contact_details(contact=ana, changes={"pgp_key": KEY}, by=portal(), reason="test")
    assert browse(neighbour).get(address.format(uuid=ana.uuid)).status_code == 200
    assert noted("state", "user", "via") == {(chile.pk, neighbour.pk, via)}


@pytest.mark.parametrize("address", ["/en/directory/", "/en/states/CHL/"])
def test_where_nobody_is_shown_nothing_is_noted(browse, ana, neighbour, officer, address):
    browse(None).get(address)
    ana.delete()
    browse(neighbour).get(address)
    assert noted("user") == set()


def test_whose_entries_are_not_found_are_not_read(browse, ana, make_contact, colombia, observer):
    make_contact(state=colombia, full_name="Otra")
    browse(observer).get("/en/directory/", {"state": "COL"})
    assert noted("state") == {(colombia.pk,)}


def test_it_is_noted_for_whom(cast, chile, colombia, ana):
    for name in ("neighbour", "observer", "duty_desk", "officer"):
        note_reading(viewer=cast.viewer(name), states=[chile.pk], via=ReadVia.PAGE, at=timezone.now())
    found = {
        read.user.full_name: (read.reader_states, read.organisation) for read in DirectoryRead.objects.all()
    }
    assert found == {
        "Delegate Col": (["COL"], ""),
        "Observer": ([], "Permanent Observer"),
        "Duty Desk": (["COL"], ""),
        "Secretariat": ([], ""),
    }


def test_reading_ones_own_state_is_not_noted(cast, chile, ana):
    for name in ("delegate", "designator", "member", "visitor"):
        note_reading(viewer=cast.viewer(name), states=[chile.pk], via=ReadVia.PAGE)
    assert noted("user") == set()


def test_it_is_noted_once_a_day_and_way(cast, chile, ana):
    viewer = cast.viewer("observer")
    for at in (of_day(1), of_day(1, 23), of_day(2)):
        for via in (ReadVia.PAGE, ReadVia.PAGE, ReadVia.API):
            note_reading(viewer=viewer, states=[chile.pk], via=via, at=at)
    assert noted("day", "via", "first_at") == {
        (at.date(), via, at) for at in (of_day(1), of_day(2)) for via in ("page", "api")
    }


def test_reading_on_asks_the_database_nothing(
    cast, chile, colombia, ana, django_assert_num_queries, django_capture_on_commit_callbacks
):
    viewer = cast.viewer("observer")
    both = [chile.pk, colombia.pk]
    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(2):
        note_reading(viewer=viewer, states=both, via=ReadVia.PAGE, at=of_day(1))
    with django_assert_num_queries(0):
        note_reading(viewer=viewer, states=both, via=ReadVia.PAGE, at=of_day(1))
    with django_assert_num_queries(2):
        note_reading(viewer=viewer, states=both, via=ReadVia.PAGE, at=of_day(2))


def test_what_was_rolled_back_is_noted_again(cast, chile, ana, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        note_reading(viewer=cast.viewer("observer"), states=[chile.pk], via=ReadVia.PAGE, at=of_day(1))
    DirectoryRead.objects.all().delete()
    note_reading(viewer=cast.viewer("observer"), states=[chile.pk], via=ReadVia.PAGE, at=of_day(1))
    assert len(noted("user")) == 1


def test_a_state_is_told_for_whom_and_never_who(browse, cast, chile, ana, make_user, delegate):
    second = make_user("second.observer")
    grant_directory_access(
        user=second, kind="observer", organisation="Permanent Observer", by=portal(), reason="test"
    )
    for viewer in (cast.viewer("observer"), cast.viewer("neighbour"), viewer_of(second)):
        for via in (ReadVia.PAGE, ReadVia.FILE):
            note_reading(viewer=viewer, states=[chile.pk], via=via, at=of_day(1))
    answer = browse(delegate).get(LOG)
    told = [(one.day, one.reader, one.ways) for one in answer.context["readings"]]
    ways = ["as a file", "on a page of the portal"]
    assert told == [(of_day().date(), who, ways) for who in ("Permanent Observer", "Colombia")]
    page = answer.content.decode()
    assert "Delegate Col" not in page
    assert "observer@" not in page


def test_the_person_is_absent_from_what_a_state_may_see(cast, chile, colombia, ana):
    note_reading(viewer=cast.viewer("observer"), states=[chile.pk, colombia.pk], via=ReadVia.PAGE)
    rows = list(DirectoryRead.objects.visible_to(cast.viewer("delegate")))
    assert [set(row) for row in rows] == [{"day", "state", "reader_states", "organisation", "via"}]
    assert rows[0]["state"] == chile.pk
    assert not DirectoryRead.objects.visible_to(cast.viewer("observer")).exists()
    assert DirectoryRead.objects.visible_to(cast.viewer("officer")).count() == 2


def test_for_whom_stays_as_it_was_on_that_day(browse, cast, chile, colombia, ana, neighbour, delegate):
    note_reading(viewer=cast.viewer("neighbour"), states=[chile.pk], via=ReadVia.PAGE)
    grant_right(user=neighbour, state=chile, right=Right.EDIT_ENTRIES, by=portal(), reason="moved")
    (told,) = browse(delegate).get(LOG).context["readings"]
    assert told.reader == "Colombia"


def test_a_page_without_readings_says_what_would_be_there(browse, delegate):
    answer = browse(delegate).get(LOG)
    assert "would be listed here" in answer.content.decode()
    assert LOG in browse(delegate).get("/en/my/CHL/").content.decode()


def test_long_logs_have_pages(browse, cast, chile, ana, delegate):
    for days in range(60):
        note_reading(
            viewer=cast.viewer("observer"),
            states=[chile.pk],
            via=ReadVia.PAGE,
            at=of_day() + timedelta(days=days),
        )
    client = browse(delegate)
    pages = [len(client.get(LOG, {"page": number}).context["readings"]) for number in (1, 2)]
    assert pages == [50, 10]


def test_the_secretariat_sees_the_person_and_changes_nothing(browse, cast, chile, ana, officer, neighbour):
    note_reading(viewer=cast.viewer("neighbour"), states=[chile.pk], via=ReadVia.API)
    client = browse(officer)
    page = client.get(reverse("admin:contacts_directoryread_changelist")).content.decode()
    assert str(neighbour) in page
    assert "COL" in page
    read = DirectoryRead.objects.get()
    one = client.get(reverse("admin:contacts_directoryread_change", args=[read.pk]))
    assert one.status_code == 200
    assert b'name="_save"' not in one.content
    assert client.get(reverse("admin:contacts_directoryread_add")).status_code == 403


def test_it_is_forgotten_after_the_time_that_the_portal_says(cast, chile, ana, settings):
    settings.READ_LOG_DAYS = 10
    for day in (1, 2):
        note_reading(viewer=cast.viewer("observer"), states=[chile.pk], via=ReadVia.PAGE, at=of_day(day))
    assert forget_old_reads(now=of_day(12)) == 1
    assert noted("day") == {(of_day(2).date(),)}
    DirectoryRead.objects.update(day=of_day(-11).date())
    call_command("tick")
    assert noted("day") == set()
