"""A contact as a file: well formed, whole, and with nothing that its reader may not see."""

import base64
import re
from pathlib import Path

import pytest
import vobject

from cbmportal.pages import demo
from contacts.access import portal, viewer_of
from contacts.services import change_contact_details, confirm_contact, end_contact, mark_do_not_use

KEY = next((Path(demo.__file__).parent / "keys").glob("CHL-*.asc")).read_text()
SPECIAL = "Head, of; the \\ unit"


@pytest.fixture
def keyed(ana, delegate):
    """Ana with a key, and with a position that holds every mark that means something in a vCard."""
    details = {"pgp_key": KEY, "position": SPECIAL}
    return change_contact_details(contact=ana, changes=details, version=ana.version, by=viewer_of(delegate))


def card(client, contact):
    answer = client.get(f"/en/directory/{contact.uuid}/contact.vcf")
    assert answer.status_code == 200
    return answer


def unfolded(answer):
    return answer.content.decode().replace("\r\n ", "").replace("\r\n", "\n")


def parsed(answer):
    return vobject.readOne(answer.content.decode())


def test_a_contact_can_be_saved_to_an_address_book(browse, keyed, observer):
    confirm_contact(contact=keyed, by=portal(), reason="test")
    answer = card(browse(observer), keyed)
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="CHL-ana-ejemplo.vcf"'
    found = parsed(answer)
    assert found.version.value == "4.0"
    assert found.uid.value == f"urn:uuid:{keyed.uuid}"
    assert found.fn.value == "Ana Ejemplo"
    assert found.n.value.family == "Ana Ejemplo"
    assert found.title.value == SPECIAL
    assert found.role.value == "Cyber policy"
    assert found.org.value == ["Ministry of Tests"]
    assert found.adr.value.country == "Chile"
    assert [one.value for one in found.contents["email"]] == [
        "cyber.contact@example.org",
        "ana.ejemplo@example.org",
    ]
    assert [one.value for one in found.contents["tel"]] == ["tel:+56221230001"]
    assert found.tel.params["VALUE"] == ["uri"]
    assert [one.value for one in found.contents["lang"]] == ["es", "en"]
    assert found.tz.value == "America/Santiago"
    assert re.fullmatch(r"\d{8}T\d{6}Z", found.rev.value)
    key = re.search(r"^KEY:data:application/pgp-keys;base64,(\S+)$", unfolded(answer), re.MULTILINE)
    assert base64.b64decode(key[1]).decode() == KEY.strip()
    notes = [one.value for one in found.contents["note"]]
    assert notes[0].startswith("Duty hours in Santiago time: Monday 09:00 to 17:00")
    assert notes[1].startswith("Last confirmed on ")
    assert len(notes) == 2


def test_its_lines_are_as_long_as_they_may_be_and_its_text_is_whole(browse, keyed, observer, delegate):
    long = "Jefatura de coordinación y cooperación internacional en ciberseguridad, ñandú " * 2
    change_contact_details(
        contact=keyed, changes={"position": long.strip()}, version=keyed.version, by=viewer_of(delegate)
    )
    answer = card(browse(observer), keyed)
    lines = answer.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)
    assert parsed(answer).title.value == long.strip()


@pytest.mark.parametrize("who", ["neighbour", "member", "observer", "duty_desk"])
def test_a_card_holds_nothing_that_its_reader_may_not_see(request, browse, keyed, delegate, who):
    hidden = {"pgp_audience": "secretariat", "duty_audience": "secretariat", "phone_audience": "secretariat"}
    change_contact_details(contact=keyed, changes=hidden, version=keyed.version, by=viewer_of(delegate))
    found = parsed(card(browse(request.getfixturevalue(who)), keyed))
    assert set(found.contents) == {
        *("version", "prodid", "kind", "uid", "rev", "source", "fn", "n", "title", "role", "org", "adr"),
        *("email", "lang", "note"),
    }
    assert [one.value for one in found.contents["note"]] == ["Never confirmed"]


def test_the_state_itself_gets_everything(browse, keyed, delegate):
    found = parsed(card(browse(delegate), keyed))
    assert [one.value for one in found.contents["tel"]] == ["tel:+56221230001", "tel:+56900000001"]
    assert "Deputy: Beto Suplente, beto@example.org" in [one.value for one in found.contents["note"]]


def test_a_warning_travels_with_the_card(browse, keyed, delegate, observer):
    mark_do_not_use(contact=keyed, by=viewer_of(delegate), reason="The telephone was stolen")
    note = parsed(card(browse(observer), keyed)).note.value
    assert note == "Do not use this contact: The telephone was stolen"


def test_who_has_left_office_is_in_no_file(browse, keyed, delegate):
    end_contact(contact=keyed, on=keyed.designated_on, by=portal(), reason="Retired")
    client = browse(delegate)
    assert client.get(f"/en/directory/{keyed.uuid}/").status_code == 200
    assert client.get(f"/en/directory/{keyed.uuid}/contact.vcf").status_code == 404


def test_the_key_can_be_taken_along(browse, keyed, observer):
    answer = browse(observer).get(f"/en/directory/{keyed.uuid}/key.asc")
    assert answer["Content-Type"] == "application/pgp-keys; charset=utf-8"
    assert answer.content.decode() == KEY


def test_a_key_that_is_kept_back_does_not_exist_for_others(browse, keyed, delegate, observer):
    change_contact_details(
        contact=keyed,
        changes={"pgp_audience": "secretariat"},
        version=keyed.version,
        by=viewer_of(delegate),
    )
    address = f"/en/directory/{keyed.uuid}/key.asc"
    assert [browse(one).get(address).status_code for one in (observer, delegate)] == [404, 200]
    assert address not in browse(observer).get(f"/en/directory/{keyed.uuid}/").content.decode()
