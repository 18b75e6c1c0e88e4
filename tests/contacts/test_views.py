"""The directory: who finds whom, with what."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cbmportal.forms import telephone_in_words
from contacts.access import portal, viewer_of
from contacts.entries import Entry, Freshness, freshness_of
from contacts.models import Institution, PointOfContact
from contacts.services import change_institution, confirm_contact, curate, end_contact, mark_do_not_use

NOBODY = "00000000-0000-4000-8000-000000000000"
HIDDEN = ("+56900000001", telephone_in_words("+56900000001"), "Beto Suplente", "beto@example.org")


def names(answer):
    return [entry.contact.full_name for entry in answer.context["entries"]]


def text(answer):
    return answer.content.decode()


# Who ------------------------------------------------------------------------------------------------------


def test_a_visitor_is_asked_to_sign_in(browse, ana):
    for address in ("/en/directory/", f"/en/directory/{ana.uuid}/"):
        answer = browse().get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/en/account/login/?next={address}")


def test_one_whose_access_has_ended_is_told_so(browse, former, ana):
    answer = browse(former).get("/en/directory/")
    assert answer.status_code == 403
    assert "has no access to the directory" in text(answer)
    assert "Ana Ejemplo" not in text(answer)
    assert browse(former).get(f"/en/directory/{ana.uuid}/").status_code == 404


@pytest.mark.parametrize("who", ["neighbour", "member", "observer", "duty_desk"])
def test_members_see_what_is_for_members_and_nothing_of_the_rest(request, browse, ana, who):
    client = browse(request.getfixturevalue(who))
    for address in ("/en/directory/", f"/en/directory/{ana.uuid}/"):
        page = text(client.get(address))
        assert 'href="tel:+56221230001"' in page
        assert "+56 2 2123 0001" in page
        assert [word for word in HIDDEN if word in page] == []


@pytest.mark.parametrize("who", ["delegate", "designator", "officer"])
def test_the_state_and_the_secretariat_see_everything(request, browse, ana, who):
    page = text(browse(request.getfixturevalue(who)).get(f"/en/directory/{ana.uuid}/"))
    assert [word for word in HIDDEN if word not in page] == []


@pytest.mark.parametrize(
    ("who", "buttons"), [("delegate", 1), ("neighbour", 0), ("member", 0), ("officer", 0)]
)
def test_only_those_who_may_change_an_entry_are_offered_to(request, browse, ana, who, buttons):
    page = text(browse(request.getfixturevalue(who)).get(f"/en/directory/{ana.uuid}/"))
    assert page.count(f"/en/my/CHL/contacts/{ana.uuid}/confirm/") == buttons
    assert page.count(f'"/en/my/CHL/contacts/{ana.uuid}/"') == buttons


@pytest.mark.parametrize(
    ("who", "links"), [("delegate", 1), ("officer", 1), ("neighbour", 0), ("observer", 0)]
)
def test_the_history_is_for_those_who_represent_the_state(request, browse, ana, who, links):
    client = browse(request.getfixturevalue(who))
    history = f"/en/my/CHL/contacts/{ana.uuid}/history/"
    assert text(client.get(f"/en/directory/{ana.uuid}/")).count(history) == links
    assert client.get(history).status_code == (200 if links else 404)


@pytest.mark.parametrize(("who", "offered"), [("officer", True), ("delegate", False), ("observer", False)])
def test_the_secretariat_is_led_to_the_administration(request, browse, ana, who, offered):
    page = text(browse(request.getfixturevalue(who)).get(f"/en/directory/{ana.uuid}/"))
    assert (f"/admin/contacts/pointofcontact/{ana.pk}/change/" in page) is offered


def test_an_ended_contact_is_seen_by_its_state_alone(browse, ana, delegate, neighbour):
    end_contact(contact=ana, on=timezone.localdate(), by=portal(), reason="Retired")
    assert browse(neighbour).get(f"/en/directory/{ana.uuid}/").status_code == 404
    page = browse(delegate).get(f"/en/directory/{ana.uuid}/")
    assert "Retired" in text(page)
    assert "confirm/" not in text(page)
    assert names(browse(delegate).get("/en/directory/")) == []


def test_the_mailbox_of_a_hidden_institution_is_hidden_too(browse, ana, ministry, delegate, neighbour):
    address = f"/en/directory/{ana.uuid}/"
    assert "cyber@ministry.example.org" in text(browse(neighbour).get(address))
    change_institution(institution=ministry, changes={"audience": "secretariat"}, by=portal(), reason="test")
    assert "cyber@ministry.example.org" not in text(browse(neighbour).get(address))
    assert "cyber@ministry.example.org" in text(browse(delegate).get(address))


# What -----------------------------------------------------------------------------------------------------


def test_a_warning_is_loud_and_gives_its_reason(browse, ana, delegate, observer):
    mark_do_not_use(contact=ana, by=viewer_of(delegate), reason="The telephone was stolen")
    for address in ("/en/directory/", f"/en/directory/{ana.uuid}/"):
        page = text(browse(observer).get(address))
        assert "Do not use this contact" in page
        assert "The telephone was stolen" in page


@pytest.mark.parametrize(
    ("days_ago", "freshness", "says"),
    [
        (None, Freshness.NEVER, "Never confirmed"),
        (10, Freshness.FRESH, "Confirmed"),
        (340, Freshness.DUE, "Confirmation due soon"),
        (365, Freshness.OVERDUE, "Confirmation overdue"),
        (900, Freshness.OVERDUE, "Confirmation overdue"),
    ],
)
def test_every_entry_says_how_old_it_is(browse, ana, observer, days_ago, freshness, says):
    if days_ago is not None:
        confirm_contact(contact=ana, by=portal(), reason="test", at=timezone.now() - timedelta(days=days_ago))
        ana.refresh_from_db()
    assert freshness_of(ana, timezone.now()) == freshness
    for address in ("/en/directory/", f"/en/directory/{ana.uuid}/"):
        assert f">{says}</span>" in text(browse(observer).get(address))


def test_whether_an_office_is_open_is_not_told_where_its_hours_are_hidden(
    browse, make_contact, observer, delegate
):
    make_contact(duty_hours=dict.fromkeys("1234567", "00:00-24:00"), duty_audience="secretariat")
    assert "Open round the clock" not in text(browse(observer).get("/en/directory/"))
    assert "Santiago" not in text(browse(observer).get("/en/directory/"))
    assert "Open round the clock" in text(browse(delegate).get("/en/directory/"))


# Finding --------------------------------------------------------------------------------------------------


@pytest.fixture
def berta(make_contact, colombia):
    return make_contact(
        state=colombia,
        category="foreign_affairs",
        full_name="Berta Ejemplar",
        email="berta@example.org",
        languages=["fr"],
        duty_hours=dict.fromkeys("1234567", "00:00-24:00"),
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ana Ejemplo", "Berta Ejemplar"]),
        ("state=COL", ["Berta Ejemplar"]),
        ("category=cyber_policy", ["Ana Ejemplo"]),
        ("language=fr", ["Berta Ejemplar"]),
        ("q=BERTA", ["Berta Ejemplar"]),
        ("q=ministry tests", ["Ana Ejemplo"]),
        ("state=CHL&category=foreign_affairs", []),
        ("state=&category=&language=&q=", ["Ana Ejemplo", "Berta Ejemplar"]),
    ],
)
def test_the_directory_can_be_narrowed(browse, observer, ana, berta, query, found):
    assert names(browse(observer).get(f"/en/directory/?{query}")) == found


def test_open_now_finds_those_on_duty(browse, observer, make_contact, berta):
    make_contact(full_name="Sin Horario")
    answer = browse(observer).get("/en/directory/?open_now=true")
    assert names(answer) == ["Berta Ejemplar"]
    assert 'name="open_now" value="true"' in text(answer)
    assert len(names(browse(observer).get("/en/directory/?open_now=false"))) == 2


def test_states_stand_in_the_readers_alphabet(browse, observer, ana, berta):
    assert names(browse(observer).get("/en/directory/")) == ["Ana Ejemplo", "Berta Ejemplar"]
    berta.state.name_fr = "Ascension"
    curate(berta.state, by=portal(), reason="test")
    assert names(browse(observer).get("/fr/directory/")) == ["Berta Ejemplar", "Ana Ejemplo"]


def test_those_who_can_be_called_now_stand_first_when_asked(browse, observer, make_contact, berta, delegate):
    always = dict.fromkeys("1234567", "00:00-24:00")
    make_contact(full_name="Con Advertencia", duty_hours=always)
    hidden = make_contact(full_name="Horario Reservado", duty_hours=always, duty_audience="secretariat")
    warned = PointOfContact.objects.get(full_name="Con Advertencia")
    mark_do_not_use(contact=warned, by=portal(), reason="On leave")
    assert names(browse(observer).get("/en/directory/?order=open")) == [
        "Berta Ejemplar",
        "Con Advertencia",
        "Horario Reservado",
    ]
    assert names(browse(delegate).get("/en/directory/?order=open"))[0] == hidden.full_name


def test_nobody_open_now_is_no_dead_end(browse, observer, make_contact):
    make_contact(full_name="Sin Horario")
    page = text(browse(observer).get("/en/directory/?state=CHL&open_now=true"))
    assert "Nobody who matches this search is known to be on duty now" in page
    assert 'href="?state=CHL"' in page


def test_a_closed_office_says_when_it_opens(browse, observer, make_contact, noon):
    contact = make_contact(duty_hours=dict.fromkeys("12345", "09:00-17:00"))
    with timezone.override("UTC"):
        closed = Entry(contact, viewer_of(observer), noon + timedelta(hours=10))
        assert (closed.is_open, closed.opens, closed.local_clock) == (False, ("tomorrow", "09:00"), "18:00")
        assert (closed.reader_clock, closed.reader_place) == ("22:00", "UTC")
        assert Entry(contact, viewer_of(observer), noon + timedelta(hours=4)).opens is None
        on_friday = Entry(contact, viewer_of(observer), noon + timedelta(days=4, hours=10))
        assert on_friday.opens == ("Monday", "09:00")


def test_everything_fits_on_one_page_for_paper(browse, observer, make_contact, monkeypatch):
    monkeypatch.setattr("contacts.views.PAGE_SIZE", 2)
    for number in range(3):
        make_contact(full_name=f"Contact {number}")
    assert 'href="?all=true"' in text(browse(observer).get("/en/directory/"))
    page = browse(observer).get("/en/directory/?all=true")
    assert len(names(page)) == 3
    assert "Printed for Observer." in text(page)


def test_htmx_gets_what_was_found_and_no_more(browse, observer, ana, berta):
    answer = browse(observer).get("/en/directory/?state=COL", headers={"hx-request": "true"})
    assert answer["Vary"] == "HX-Request, Cookie, Accept-Encoding"
    assert "<html" not in text(answer)
    assert "<form" not in text(answer)
    assert names(answer) == ["Berta Ejemplar"]
    assert re.search(r'hx-swap-oob="innerHTML:#found-count"><h2>\s*1 point of contact\s*</h2>', text(answer))


def test_htmx_is_told_what_is_wrong(browse, observer, ana):
    answer = browse(observer).get("/en/directory/?state=XXX", headers={"hx-request": "true"})
    assert answer.status_code == 400
    assert 'href="#id_state"' in text(answer)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=XXX", "state"),
        ("state=%00", "state"),
        ("category=army", "category"),
        ("language=xx", "language"),
        ("q=a%00b", "q"),
        (f"q={'+'.join('abcdefghijklm')}", "q"),
        ("order=backwards", "order"),
        (f"q={'a' * 10_000}", "q"),
        ("confirmed_before=yesterday", "confirmed_before"),
    ],
)
def test_a_filter_that_cannot_be_is_an_error_beside_its_field(browse, observer, ana, query, field):
    answer = browse(observer).get(f"/en/directory/?{query}")
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert names(answer) == []


def test_direction_marks_in_a_search_find_nothing_and_harm_nothing(browse, observer, ana):
    answer = browse(observer).get("/en/directory/", {"q": "\u202eana"})
    assert answer.status_code == 200


@pytest.mark.parametrize("number", ["99", "-1", "abc", "%00"])
def test_a_page_that_is_not_there_is_told_by_name_and_shows_one_that_is(browse, observer, ana, number):
    answer = browse(observer).get(f"/en/directory/?page={number}")
    assert answer.status_code == 400
    assert ["“page”" in error for error in answer.context["form"].non_field_errors()] == [True]
    assert names(answer) == ["Ana Ejemplo"]


def test_pages_keep_the_filter(browse, observer, make_contact, monkeypatch):
    monkeypatch.setattr("contacts.views.PAGE_SIZE", 2)
    for number in range(3):
        make_contact(full_name=f"Contact {number}")
    first = browse(observer).get("/en/directory/?state=CHL")
    assert len(names(first)) == 2
    assert 'href="?state=CHL&amp;page=2"' in text(first)
    assert names(browse(observer).get("/en/directory/?state=CHL&page=2")) == ["Contact 2"]


@pytest.mark.parametrize(
    "address", ["/en/directory/not-a-uuid/", f"/en/directory/{NOBODY}/", "/en/directory/%00/"]
)
def test_an_address_of_nothing_is_404(browse, observer, address):
    assert browse(observer).get(address).status_code == 404


@pytest.mark.parametrize("who", ["observer", "delegate", "officer"])
def test_the_number_of_queries_does_not_grow_with_the_directory(request, browse, make_contact, who):
    client = browse(request.getfixturevalue(who))

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get("/en/directory/").status_code == 200
        return len(found)

    for number in range(3):
        make_contact(full_name=f"Contact {number}")
    at_3 = queries()
    for number in range(3, 30):
        make_contact(full_name=f"Contact {number}")
    assert queries() == at_3
    assert (PointOfContact.objects.count(), Institution.objects.count()) == (30, 1)
