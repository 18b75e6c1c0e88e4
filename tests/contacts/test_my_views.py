"""My state's entries: the delegate changes them at once, nobody else does, and nothing is lost on the way."""

import pysequoia
import pytest
from django.db import connection
from django.test import Client

from contacts.access import portal, viewer_of
from contacts.models import Institution, PointOfContact
from contacts.services import change_contact_details, end_contact, mark_do_not_use

NOBODY = "00000000-0000-4000-8000-000000000000"
STRANGERS = ["neighbour", "member", "observer", "duty_desk"]


def typed_in(contact, **changes):
    """What the form of a contact sends when a person changes only `changes`."""
    data = {
        name: getattr(contact, name)
        for name in PointOfContact.DETAILS
        if name not in ("duty_hours", "languages", "competences")
    }
    for day, span in contact.duty_hours.items():
        data[f"duty_hours_{day}_from"], data[f"duty_hours_{day}_until"] = span.split("-")
    data |= {"languages": contact.languages, "competences": contact.competences, "version": contact.version}
    return data | changes


def edit(contact):
    return f"/en/my/{contact.state.iso3}/contacts/{contact.uuid}/"


def errors(answer):
    return dict(answer.context["form"].errors)


def details(contact):
    return PointOfContact.objects.values(*PointOfContact.DETAILS).get(pk=contact.pk)


# The journey ----------------------------------------------------------------------------------------------


def test_a_delegate_changes_a_number_and_all_see_it_at_once_with_who_and_when(
    browse, ana, delegate, observer
):
    before = details(ana)
    client = browse(delegate)
    assert 'value="+56 2 2123 0001"' in client.get(edit(ana)).content.decode()
    answer = client.post(edit(ana), typed_in(ana, phone="2 2123 0009"))
    assert (answer.status_code, answer["Location"]) == (302, f"/en/directory/{ana.uuid}/")
    assert details(ana) == before | {"phone": "+56221230009"}
    assert "+56 2 2123 0009" in browse(observer).get("/en/directory/").content.decode()
    assert "are saved" in client.get(answer["Location"]).content.decode()
    history = client.get(f"{edit(ana)}history/")
    newest = history.context["changes"][0]
    assert (newest.actor, newest.via) == ("Delegate Chl", "on a page of the portal")
    assert [(one.label, one.before, one.after) for one in newest.differences] == [
        ("telephone", "+56 2 2123 0001", "+56 2 2123 0009")
    ]
    assert "+56 2 2123 0009" in history.content.decode()
    assert "Delegate Chl" in history.content.decode()


def test_sending_the_form_untouched_changes_nothing(browse, ana, delegate):
    events = ana.events.count()
    assert browse(delegate).post(edit(ana), typed_in(ana)).status_code == 302
    assert ana.events.count() == events


def test_everything_a_delegate_may_change_can_be_changed(browse, ana, delegate):
    changes = {
        "position": "Director",
        "email": "new@example.org",
        "email_audience": "secretariat",
        "mobile": "",
        "mailbox": "office@example.org",
        "deputy_name": "Carla Suplente",
        "time_zone": "America/Punta_Arenas",
        "languages": ["es", "fr"],
        "competences": ["policy", "diplomatic"],
        "duty_hours_1_from": "8",
        "duty_hours_1_until": "1630",
    }
    assert browse(delegate).post(edit(ana), typed_in(ana, **changes)).status_code == 302
    ana.refresh_from_db()
    assert ana.duty_hours["1"] == "08:00-16:30"
    assert (ana.position, ana.email, ana.email_audience, ana.mobile) == (
        "Director",
        "new@example.org",
        "secretariat",
        "",
    )
    assert (ana.languages, ana.competences, ana.time_zone) == (
        ["es", "fr"],
        ["policy", "diplomatic"],
        "America/Punta_Arenas",
    )


def test_a_pgp_key_shows_its_fingerprint(browse, ana, delegate):
    certificate = pysequoia.Cert.generate("Ana <ana@example.org>")
    key = str(certificate).replace("\n", "\r\n")
    assert browse(delegate).post(edit(ana), typed_in(ana, pgp_key=key)).status_code == 302
    page = browse(delegate).get(f"/en/directory/{ana.uuid}/").content.decode()
    assert certificate.fingerprint.upper() in page


def test_name_category_and_institution_are_shown_with_the_reason_they_stay(browse, ana, delegate):
    page = browse(delegate).get(edit(ana)).content.decode()
    assert "another official is another point of contact" in page
    assert 'name="full_name"' not in page
    assert 'name="category"' not in page


def test_forged_fields_change_nothing(browse, ana, delegate, colombia):
    forged = {
        "full_name": "Eva Intrusa",
        "category": "foreign_affairs",
        "state": colombia.pk,
        "institution": "1",
        "do_not_use": "on",
        "confirmed_at": "2026-01-01",
        "ended_on": "2026-01-01",
        "uuid": NOBODY,
        "pgp_fingerprint": "A" * 40,
    }
    rows = PointOfContact.objects.filter(pk=ana.pk).values()
    [before] = rows.all()
    assert browse(delegate).post(edit(ana), typed_in(ana, **forged)).status_code == 302
    assert list(rows.all()) == [before]


# Who may not ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", STRANGERS)
def test_others_see_the_entry_but_do_not_change_it(request, browse, ana, who):
    client = browse(request.getfixturevalue(who))
    events = ana.events.count()
    answers = [
        client.get(edit(ana)),
        client.post(edit(ana), typed_in(ana, phone="+56221230666")),
        client.post(f"{edit(ana)}confirm/"),
        client.post(f"{edit(ana)}do-not-use/", {"reason": "x"}),
        client.post(f"{edit(ana)}use-again/"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert [
        one for answer in answers for one in ("Beto", "+569", "Ana") if one in answer.content.decode()
    ] == []
    assert ana.events.count() == events


@pytest.mark.parametrize("who", ["former", "inactive", "visitor"])
def test_those_without_access_learn_nothing(request, browse, ana, who):
    client = browse(None if who == "visitor" else request.getfixturevalue(who))
    expected = 404 if who == "former" else 302
    assert client.get(edit(ana)).status_code == expected
    assert client.post(edit(ana), typed_in(ana, phone="+56221230666")).status_code == expected
    assert client.post(f"{edit(ana)}confirm/").status_code == expected
    assert details(ana)["phone"] == "+56221230001"


def test_a_delegate_does_not_reach_another_states_entry_through_their_own_address(
    browse, ana, neighbour, colombia
):
    own = f"/en/my/COL/contacts/{ana.uuid}/"
    assert browse(neighbour).get(own).status_code == 404
    assert browse(neighbour).post(own, typed_in(ana, phone="+56221230666")).status_code == 404
    assert browse(neighbour).get(f"{own}history/").status_code == 404
    assert details(ana)["phone"] == "+56221230001"


def test_the_secretariat_reads_here_and_changes_in_the_administration(browse, ana, officer):
    client = browse(officer)
    assert client.get(edit(ana)).status_code == 403
    assert client.post(f"{edit(ana)}confirm/").status_code == 403
    assert client.get(f"{edit(ana)}history/").status_code == 200


def test_pages_that_write_do_not_do_so_by_a_link(browse, ana, delegate):
    client = browse(delegate)
    for step in ("confirm/", "use-again/"):
        assert client.get(f"{edit(ana)}{step}").status_code == 405


def test_a_write_without_the_forms_token_is_refused(ana, delegate):
    client = Client(enforce_csrf_checks=True)
    client.force_login(delegate)
    assert client.post(f"{edit(ana)}confirm/").status_code == 403
    ana.refresh_from_db()
    assert ana.confirmed_at is None


# What goes wrong ------------------------------------------------------------------------------------------


def test_a_stale_edit_shows_both_and_loses_nothing(browse, ana, delegate, designator):
    change_contact_details(
        contact=ana, changes={"phone": "+56221230002", "position": "Chief"}, by=viewer_of(designator)
    )
    client = browse(delegate)
    answer = client.post(edit(ana), typed_in(ana, phone="+56 2 2123 0009", deputy_name="Carla"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "was changed by someone else" in page
    assert [(one.label, one.before, one.after) for one in answer.context["form"].conflicts] == [
        ("official position", "Chief", "Head of unit"),
        ("telephone", "+56 2 2123 0002", "+56 2 2123 0009"),
        ("deputy", "Beto Suplente", "Carla"),
    ]
    assert 'value="+56 2 2123 0009"' in page
    assert details(ana)["phone"] == "+56221230002"
    ana.refresh_from_db()
    assert f'name="version" value="{ana.version}"' in page
    again = client.post(edit(ana), typed_in(ana, phone="+56 2 2123 0009"))
    assert again.status_code == 302
    assert details(ana)["phone"] == "+56221230009"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("phone", "call me"),
        ("phone", "+56\x002"),
        ("mobile", "1" * 10_000),
        ("position", "a" * 10_000),
        ("position", "a\x00b"),
        ("position", "Director \u202egnp.exe"),
        ("position", ""),
        ("email", "not an address"),
        ("email_audience", "public"),
        ("time_zone", "America/Atlantis"),
        ("languages", ["es", "klingon"]),
        ("competences", ["war"]),
        ("duty_hours_1_from", "25:00"),
        ("pgp_key", "not a key"),
        ("pgp_key", "x" * 100_000),
        ("version", "one"),
        ("version", ""),
        ("version", "9" * 30),
    ],
)
def test_bad_input_is_an_error_beside_its_field_and_what_was_typed_stays(browse, ana, delegate, field, typed):
    before = details(ana)
    answer = browse(delegate).post(edit(ana), typed_in(ana, **{"deputy_name": "Carla", field: typed}))
    assert answer.status_code == 200
    assert list(errors(answer)) == [field.removesuffix("_1_from")]
    assert 'value="Carla"' in answer.content.decode()
    assert details(ana) == before


def test_an_error_about_a_number_says_how_to_write_it(browse, ana, delegate):
    answer = browse(delegate).post(edit(ana), typed_in(ana, phone="call me"))
    assert "“call me” is not a telephone number" in errors(answer)["phone"][0]


def test_an_empty_request_is_answered_with_what_is_missing(browse, ana, delegate):
    answer = browse(delegate).post(edit(ana), {})
    assert answer.status_code == 200
    assert {"position", "email", "version"} <= set(errors(answer))


def test_a_contact_that_has_ended_is_not_changed(browse, ana, delegate):
    end_contact(contact=ana, on=ana.designated_on, by=portal(), reason="Retired")
    ana.refresh_from_db()
    answer = browse(delegate).post(edit(ana), typed_in(ana, phone="+56221230009"))
    assert "This contact has ended" in answer.content.decode()
    assert browse(delegate).post(f"{edit(ana)}confirm/").status_code == 302
    assert details(ana)["phone"] == "+56221230001"


@pytest.mark.parametrize(
    "address", ["/en/my/CHL/contacts/x/", f"/en/my/CHL/contacts/{NOBODY}/", "/en/my/C%00L/"]
)
def test_an_address_of_nothing_is_404(browse, delegate, address):
    assert browse(delegate).get(address).status_code == 404


# One click ------------------------------------------------------------------------------------------------


def test_nothing_changed_is_one_click(browse, ana, delegate):
    answer = browse(delegate).post(f"{edit(ana)}confirm/")
    assert answer["Location"] == "/en/my/CHL/"
    ana.refresh_from_db()
    assert ana.confirmed_by == delegate
    assert (
        browse(delegate).post(f"{edit(ana)}confirm/", {"stay": "1"})["Location"]
        == f"/en/directory/{ana.uuid}/"
    )


def test_a_warning_is_given_with_a_reason_and_lifted(browse, ana, delegate):
    client = browse(delegate)
    assert list(errors(client.post(f"{edit(ana)}do-not-use/", {"reason": "  "}))) == ["reason"]
    assert list(errors(client.post(f"{edit(ana)}do-not-use/", {"reason": "a\u202eb"}))) == ["reason"]
    assert client.post(f"{edit(ana)}do-not-use/", {"reason": "Stolen"}).status_code == 302
    ana.refresh_from_db()
    assert (ana.do_not_use, ana.do_not_use_reason) == (True, "Stolen")
    assert client.post(f"{edit(ana)}use-again/").status_code == 302
    ana.refresh_from_db()
    assert (ana.do_not_use, ana.do_not_use_reason) == (False, "")


def test_the_history_of_a_deleted_entry_is_still_there_for_its_state(browse, ana, delegate, neighbour):
    mark_do_not_use(contact=ana, by=viewer_of(delegate), reason="Wrong")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM contacts_pointofcontact WHERE id = %s", [ana.pk])
    history = f"{edit(ana)}history/"
    page = browse(delegate).get(history)
    assert page.context["changes"][0].action_in_words == "Deleted"
    assert "directly in the database" in page.content.decode()
    assert browse(neighbour).get(history).status_code == 404


# Institutions ---------------------------------------------------------------------------------------------

OFFICE = {
    "name": "Office of Tests",
    "website": "https://office.example.org/",
    "mailbox": "office@example.org",
    "mailbox_audience": "public",
    "phone": "2 2123 0005",
    "address": "Street 1\r\nSantiago",
    "audience": "public",
}


def test_a_delegate_adds_and_corrects_an_institution(browse, delegate, chile):
    client = browse(delegate)
    assert client.post("/en/my/CHL/institutions/new/", OFFICE)["Location"] == "/en/my/CHL/"
    office = Institution.objects.get()
    assert (office.state, office.phone, office.address) == (chile, "+56221230005", "Street 1\nSantiago")
    address = f"/en/my/CHL/institutions/{office.uuid}/"
    changed = OFFICE | {"name": "Office for Tests", "version": office.version}
    assert client.post(address, changed).status_code == 302
    office.refresh_from_db()
    assert office.name == "Office for Tests"
    stale = client.post(address, changed | {"name": "Something else"})
    assert "was changed by someone else" in stale.content.decode()
    assert "Office of Tests" in client.get(f"{address}history/").content.decode()


def test_an_institution_is_named_once(browse, delegate, ministry):
    answer = browse(delegate).post("/en/my/CHL/institutions/new/", OFFICE | {"name": ministry.name})
    assert answer.status_code == 200
    assert errors(answer) != {}
    assert Institution.objects.count() == 1


@pytest.mark.parametrize("who", STRANGERS)
def test_others_add_and_change_no_institution(request, browse, ministry, who):
    client = browse(request.getfixturevalue(who))
    assert client.post("/en/my/CHL/institutions/new/", OFFICE).status_code == 404
    address = f"/en/my/CHL/institutions/{ministry.uuid}/"
    assert client.post(address, OFFICE | {"version": ministry.version}).status_code == 403
    assert client.get(f"{address}history/").status_code == 404
    assert list(Institution.objects.values_list("name", flat=True)) == ["Ministry of Tests"]
