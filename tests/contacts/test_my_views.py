"""My state's entries: the delegate changes them at once, nobody else does, and nothing is lost on the way."""

import pysequoia
import pytest
from django.db import connection
from django.test import Client

from contacts.access import portal, viewer_of
from contacts.models import Institution, PointOfContact
from contacts.services import change_contact_details, correct_contact, end_contact, mark_do_not_use

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
    assert certificate.fingerprint.upper() in page.replace(" ", "")


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
    first = typed_in(ana, phone="+56 2 2123 0009", deputy_name="Carla")
    change_contact_details(
        contact=ana, changes={"phone": "+56221230002", "position": "Chief"}, by=viewer_of(designator)
    )
    client = browse(delegate)
    answer = client.post(edit(ana), first)
    met = answer.context["form"].comparison
    assert [(one.label, one.stored, one.mine, one.actor) for one in met.to_decide] == [
        ("telephone", "+56 2 2123 0002", "+56 2 2123 0009", "Designator Chl")
    ]
    assert [(one.label, one.stored, one.mine) for one in met.taken_over] == [
        ("official position", "Chief", "Head of unit")
    ]
    assert details(ana)["phone"] == "+56221230002"
    assert shown(answer) == {
        "phone": "+56 2 2123 0009",
        "deputy_name": "Carla",
        "position": "Chief",
        "version": ana.version + 1,
        "base": ana.version,
    }


def shown(answer, *names):
    names = names or ("phone", "deputy_name", "position", "version", "base")
    return {name: answer.context["form"][name].value() for name in names}


def conflict(browse, ana, delegate, designator):
    """Both have changed the telephone; what the second one's form sends after that."""
    change_contact_details(contact=ana, changes={"phone": "+56221230002"}, by=viewer_of(designator))
    typed = typed_in(ana, phone="+56 2 2123 0009", deputy_name="Carla")
    client = browse(delegate)
    assert client.post(edit(ana), typed).status_code == 200
    return client, typed | {"base": typed["version"], "version": typed["version"] + 1}


@pytest.mark.parametrize(("choice", "stands"), [("stored", "+56221230002"), ("mine", "+56221230009")])
def test_the_second_chooses_which_text_stands_and_the_rest_of_theirs_is_saved(
    browse, ana, delegate, designator, choice, stands
):
    client, again = conflict(browse, ana, delegate, designator)
    assert client.post(edit(ana), again | {"choose_phone": choice}).status_code == 302
    assert (details(ana)["phone"], details(ana)["deputy_name"]) == (stands, "Carla")


@pytest.mark.parametrize(
    "choice", [{}, {"choose_phone": ""}, {"choose_phone": "neither"}, {"choose_fax": "mine"}]
)
def test_a_choice_left_open_is_asked_for_again_with_everything_as_typed(
    browse, ana, delegate, designator, choice
):
    client, again = conflict(browse, ana, delegate, designator)
    answer = client.post(edit(ana), again | choice)
    assert "Choose, for each field" in answer.content.decode()
    assert shown(answer, "phone", "deputy_name", "base") == {
        "phone": "+56 2 2123 0009",
        "deputy_name": "Carla",
        "base": ana.version,
    }
    assert details(ana)["phone"] == "+56221230002"


def test_a_third_change_in_between_asks_again_and_takes_over_what_was_left_to_the_others(
    browse, ana, delegate, designator
):
    client, again = conflict(browse, ana, delegate, designator)
    change_contact_details(contact=ana, changes={"phone": "+56221230003"}, by=viewer_of(designator))
    answer = client.post(edit(ana), again | {"choose_phone": "stored"})
    met = answer.context["form"].comparison
    assert not met.to_decide
    assert shown(answer, "phone", "deputy_name") == {"phone": "+56 2 2123 0003", "deputy_name": "Carla"}
    answer = client.post(edit(ana), again | {"choose_phone": "mine"})
    (one,) = answer.context["form"].comparison.to_decide
    assert (one.stored, one.mine, one.choice) == ("+56 2 2123 0003", "+56 2 2123 0009", "")
    assert details(ana)["phone"] == "+56221230003"


def test_a_change_elsewhere_is_taken_over_and_saved_beside_mine(browse, ana, delegate, designator):
    typed = typed_in(ana, phone="+56 2 2123 0009")
    change_contact_details(contact=ana, changes={"position": "Chief"}, by=viewer_of(designator))
    client = browse(delegate)
    answer = client.post(edit(ana), typed)
    assert not answer.context["form"].comparison.to_decide
    again = typed | shown(answer, "position", "version", "base")
    assert client.post(edit(ana), again).status_code == 302
    assert (details(ana)["phone"], details(ana)["position"]) == ("+56221230009", "Chief")


@pytest.mark.parametrize("version", ["99", "0", ""])
def test_a_version_that_never_was_leaves_every_difference_to_be_chosen(browse, ana, delegate, version):
    answer = browse(delegate).post(edit(ana), typed_in(ana, position="Chief", version=version))
    (one,) = answer.context["form"].comparison.to_decide
    assert (one.label, one.stored, one.mine) == ("official position", "Head of unit", "Chief")


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
    assert {"position", "email"} <= set(errors(answer))


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
    assert "Somebody else changed this entry" in stale.content.decode()
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


# A look through the eyes of others ------------------------------------------------------------------------


def look(client, contact, who, **changes):
    return client.post(edit(contact), typed_in(contact, **changes) | {"preview": who})


def test_a_look_shows_unsaved_details_as_others_would_see_them_and_saves_nothing(browse, ana, delegate):
    client, before = browse(delegate), details(ana)
    changes = {"phone": "+56 2 2123 0009", "email_audience": "secretariat", "mailbox": "new@example.org"}
    seen = {
        who: look(client, ana, who, **changes).content.decode()
        for who in ("visitor", "state", "observer", "own")
    }
    page = {who: text.partition('class="look-page"')[2] for who, text in seen.items()}
    assert "not shown to them at all" in seen["visitor"]
    assert page["visitor"] == ""
    for who in ("state", "observer"):
        assert "+56 2 2123 0009" in page[who]
        assert "new@example.org" in page[who]
        assert ana.email not in page[who]
        assert "+56 9 0000 0001" not in page[who]
        assert "Filled in, and not shown to them: E-mail address, Mobile telephone, Deputy" in seen[who]
    assert ana.email in page["own"]
    assert details(ana) == before


def test_a_look_is_the_page_that_others_then_get(browse, ana, delegate, observer):
    answer = look(browse(delegate), ana, "observer", position="Chief", duty_audience="secretariat")
    browse(delegate).post(edit(ana), typed_in(ana, position="Chief", duty_audience="secretariat"))
    real = browse(observer).get(f"/en/directory/{ana.uuid}/")
    assert answer.context["entry"].details == real.context["entry"].details


def test_from_the_look_one_goes_back_to_the_text_as_typed_or_saves(browse, ana, delegate):
    client = browse(delegate)
    carried = {}
    for name, value in look(client, ana, "state", position="Chief").context["typed"]:
        carried.setdefault(name, []).append(value)
    back = client.post(edit(ana), carried | {"edit": "1"})
    assert shown(back, "position", "version") == {"position": "Chief", "version": str(ana.version)}
    assert back.context["form"]["languages"].value() == ["es", "en"]
    assert details(ana)["position"] == "Head of unit"
    assert client.post(edit(ana), carried).status_code == 302
    assert details(ana)["position"] == "Chief"
    assert details(ana)["duty_hours"] == dict.fromkeys("12345", "09:00-17:00")


def test_what_is_wrong_is_said_before_the_look(browse, ana, delegate):
    assert list(errors(look(browse(delegate), ana, "state", email="nowhere"))) == ["email"]
    assert list(errors(look(browse(delegate), ana, "state", pgp_key="no key"))) == ["pgp_key"]


def test_an_institution_is_looked_at_before_it_is_public(browse, delegate, ministry):
    address = f"/en/my/CHL/institutions/{ministry.uuid}/"
    typed = OFFICE | {"version": ministry.version, "audience": "public", "mailbox_audience": "members"}
    client = browse(delegate)
    visitor = client.post(address, typed | {"preview": "visitor"}).content.decode().partition("look-page")[2]
    assert OFFICE["name"] in visitor
    assert OFFICE["mailbox"] not in visitor
    member = client.post(address, typed | {"preview": "observer"}).content.decode().partition("look-page")[2]
    assert OFFICE["mailbox"] in member
    ministry.refresh_from_db()
    assert ministry.audience == "members"


# Undo -----------------------------------------------------------------------------------------------------


def test_the_last_change_of_details_is_undone_exactly(browse, ana, delegate, designator):
    before = details(ana)
    client = browse(delegate)
    changes = {"phone": "", "mobile_audience": "members", "languages": ["fr"], "position": "Chief"}
    answer = client.post(edit(ana), typed_in(ana, **changes), follow=True)
    assert "Undo this change" in answer.content.decode()
    version = answer.context["contact"].version
    undone = browse(designator).post(f"{edit(ana)}undo/", {"version": version}, follow=True)
    assert "are again as they were before" in undone.content.decode()
    assert details(ana) == before
    newest = client.get(f"{edit(ana)}history/").context["changes"][0]
    assert (newest.actor, newest.reason) == (
        "Designator Chl",
        "Undone: the details are again as they were before the last change.",
    )


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30, "\u0663"])
def test_nothing_is_undone_under_a_version_that_is_not_the_present_one(browse, ana, delegate, version):
    browse(delegate).post(edit(ana), typed_in(ana, position="Chief"))
    answer = browse(delegate).post(f"{edit(ana)}undo/", {"version": version}, follow=True)
    assert "changed by someone else" in answer.content.decode()
    assert details(ana)["position"] == "Chief"


def test_what_the_secretariat_corrected_is_not_undone(browse, ana, delegate, officer):
    correct_contact(
        contact=ana, changes={"phone": "+56221230008"}, by=viewer_of(officer), reason="Wrong digit"
    )
    ana.refresh_from_db()
    client = browse(delegate)
    assert "Undo this change" not in client.get(ana.get_absolute_url()).content.decode()
    answer = client.post(f"{edit(ana)}undo/", {"version": ana.version}, follow=True)
    assert "cannot be undone here" in answer.content.decode()
    assert details(ana)["phone"] == "+56221230008"


def test_what_is_no_change_of_details_is_not_undone(browse, ana, delegate):
    client = browse(delegate)
    client.post(edit(ana), typed_in(ana, position="Chief"))
    client.post(f"{edit(ana)}confirm/")
    ana.refresh_from_db()
    assert "Undo this change" not in client.get(ana.get_absolute_url()).content.decode()
    assert client.post(f"{edit(ana)}undo/", {"version": ana.version}, follow=True).status_code == 200
    assert details(ana)["position"] == "Chief"
    assert PointOfContact.objects.get(pk=ana.pk).confirmed_at


def test_a_key_is_undone_with_all_it_says_of_itself(browse, ana, delegate):
    client = browse(delegate)
    key = str(pysequoia.Cert.generate("Ana <ana@example.org>"))
    saved = client.post(edit(ana), typed_in(ana, pgp_key=key), follow=True).context["contact"]
    assert saved.pgp_fingerprint
    again = saved.version
    for expected in ("", saved.pgp_fingerprint):
        assert client.post(f"{edit(ana)}undo/", {"version": again}).status_code == 302
        assert PointOfContact.objects.get(pk=ana.pk).pgp_fingerprint == expected
        again += 1


# Several at once ------------------------------------------------------------------------------------------

ALL = "/en/my/CHL/contacts/confirm/"


def test_several_are_confirmed_with_one_button(browse, delegate, make_contact):
    several = [make_contact(full_name=name) for name in ("Ana", "Berta", "Carla")]
    client = browse(delegate)
    page = client.get("/en/my/CHL/").content.decode()
    assert [f'value="{one.uuid}"' in page for one in several] == [True] * 3
    answer = client.post(ALL, {"contact": [one.uuid for one in several[:2]]}, follow=True)
    assert "2 entries are confirmed" in answer.content.decode()
    confirmed = PointOfContact.objects.filter(confirmed_by=delegate).values_list("full_name", flat=True)
    assert sorted(confirmed) == ["Ana", "Berta"]


@pytest.mark.parametrize("ticked", [[], ["x"], ["\0"], [NOBODY], ["a" * 10_000]])
def test_nothing_ticked_confirms_nothing_and_says_so(browse, delegate, ana, ticked):
    answer = browse(delegate).post(ALL, {"contact": ticked}, follow=True)
    assert "nothing was confirmed" in answer.content.decode()
    assert PointOfContact.objects.get().confirmed_at is None


def test_one_that_has_ended_stops_all(browse, delegate, make_contact):
    ana, berta = make_contact(full_name="Ana"), make_contact(full_name="Berta")
    end_contact(contact=berta, on=berta.designated_on, by=portal(), reason="Left")
    answer = browse(delegate).post(ALL, {"contact": [ana.uuid, berta.uuid]}, follow=True)
    assert "has ended" in answer.content.decode()
    assert not PointOfContact.objects.filter(confirmed_at__isnull=False).exists()


def test_contacts_of_another_state_are_not_confirmed_along(browse, delegate, make_contact, colombia):
    theirs = make_contact(state=colombia)
    browse(delegate).post(ALL, {"contact": [theirs.uuid]})
    assert PointOfContact.objects.get().confirmed_at is None
