"""The whole directory in one answer: the same content in every format, as much of it as the caller may see."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import vobject
from django.db import connection
from django.utils import timezone, translation
from openpyxl import load_workbook
from rest_framework.test import APIRequestFactory

from cbmportal.api import directory
from cbmportal.api.memory import ANSWERS
from cbmportal.typesetting import CannotBeSet
from contacts.access import portal
from contacts.api import ContactSerializer
from contacts.hours import hours_in_short, hours_in_words
from contacts.models import DirectoryRead, PointOfContact, State
from contacts.reads import NOTED
from contacts.services import confirm_contact, end_contact, mark_do_not_use

MEMBERS = ("delegate", "neighbour", "designator", "member", "observer", "duty_desk", "officer")
ENDINGS = ("json", "csv", "xlsx", "vcf", "pdf")
KEY_FIELDS = ("phone", "mobile", "mailbox", "email", "languages", "duty_hours", "full_name", "deputy_email")


@pytest.fixture(autouse=True)
def nothing_noted_yet() -> None:
    NOTED.readings = set()


@pytest.fixture
def entries(
    ana: PointOfContact, make_contact: Callable[..., PointOfContact], colombia: State
) -> list[PointOfContact]:
    """Of two states, in office and not, one not to be used, with hidden and with empty details."""
    bare = make_contact(full_name="Bare; Entry", category="foreign_affairs", email="bare@example.org")
    past = make_contact(full_name="Past Contact", phone="+56221230009")
    other = make_contact(
        state=colombia,
        full_name="Carla Otra",
        phone="+576011234567",
        mobile="+573000000000",
        duty_hours={"1": "22:00-06:00"},
        languages=["fr"],
        languages_audience="secretariat",
    )
    former = make_contact(state=colombia, full_name="Former Otra")
    for one in (past, former):
        end_contact(contact=one, on=date(2026, 5, 1), by=portal(), reason="Retired")
    mark_do_not_use(contact=bare, by=portal(), reason="Telephone stolen")
    confirm_contact(contact=ana, by=portal(), reason="test", at=datetime(2026, 5, 3, tzinfo=UTC))
    return [ana, bare, past, other, former]


def body(answer: Any) -> bytes:
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content)


def pulled(client: Any, ending: str, **headers: str) -> bytes:
    return body(client.get(f"/api/v1/directory.{ending}", headers=headers))


def from_json(content: bytes) -> list[dict[str, Any]]:
    return json.loads(content)["results"]  # type: ignore[no-any-return]


def from_csv(content: bytes) -> list[dict[str, Any]]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in rows]


def from_xlsx(content: bytes) -> list[dict[str, Any]]:
    names, *rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(names, ["" if cell is None else cell for cell in row], strict=True)) for row in rows]


def in_cells(record: dict[str, Any]) -> dict[str, Any]:
    """What a table says of a record of the API."""
    office = record.get("institution") or {}
    said = record | {"institution": office.get("name"), "institution_uuid": office.get("uuid")}
    said["duty_hours"] = hours_in_words(record.get("duty_hours") or {})
    cells = {}
    for name in directory.COLUMNS:
        value = said.get(name)
        if isinstance(value, bool):
            value = "yes" if value else "no"
        cells[name] = ", ".join(value) if isinstance(value, list) else "" if value is None else value
    return cells


def on_card(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "uid": f"urn:uuid:{record['uuid']}",
        "fn": record["full_name"],
        "tel": [f"tel:{record[name]}" for name in ("phone", "mobile") if record.get(name)],
        "email": [record[name] for name in ("mailbox", "email") if record.get(name)],
        "lang": record.get("languages", []),
        "hours": hours_in_words(record.get("duty_hours") or {}),
        "deputy": record.get("deputy_email", ""),
        "warned": record["do_not_use"],
        "ended": bool(record["ended_on"]),
    }


def read_card(card: Any) -> dict[str, Any]:
    notes = [one.value for one in card.contents.get("note", [])]
    hours = [note.partition(": ")[2] for note in notes if note.startswith("Duty hours")]
    deputy = [note.rpartition(", ")[2] for note in notes if note.startswith("Deputy")]
    return {
        "uid": card.uid.value,
        "fn": card.fn.value,
        **{name: [one.value for one in card.contents.get(name, [])] for name in ("tel", "email", "lang")},
        "hours": "".join(hours),
        "deputy": "".join(deputy),
        "warned": any(note.startswith("Do not use") for note in notes),
        "ended": any(note.startswith("This designation ended") for note in notes),
    }


@pytest.fixture
def printing(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is given to the press, instead of pressing it."""
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(directory, "typeset", lambda template, data, file: given.append(json.load(data)))
    return given


def on_paper(record: dict[str, Any]) -> tuple[Any, ...]:
    hours = hours_in_short(record.get("duty_hours") or {})
    return (
        record["full_name"],
        record["do_not_use"],
        bool(record["ended_on"]),
        [record[name] for name in ("phone", "mobile") if record.get(name)],
        [record[name] for name in ("mailbox", "email") if record.get(name)],
        len(record.get("languages", [])),
        hours,
        record.get("deputy_email", ""),
    )


def read_paper(one: dict[str, Any]) -> tuple[Any, ...]:
    facts = dict(one["facts"])
    return (
        one["name"],
        one["warning"] is not None,
        one["ended"],
        [value.replace(" ", "").replace("-", "") for _label, value in one["numbers"]],
        [facts[label] for label in ("Office", "E-mail") if label in facts],
        len(facts["Speaks"].split(", ")) if "Speaks" in facts else 0,
        facts.get("Duty hours", "").rpartition(" (")[0],
        facts.get("Deputy", "").rpartition(", ")[2],
    )


@pytest.mark.parametrize("name", MEMBERS)
def test_every_format_says_the_same_to_the_same_caller(api, cast, entries, printing, name):
    viewer, client = cast.viewer(name), api(cast.people[name])
    visible = PointOfContact.objects.visible_to(viewer)
    request = APIRequestFactory().get("/", HTTP_HOST="testserver")
    with timezone.override(UTC):
        serializer = ContactSerializer(visible, many=True, context={"viewer": viewer, "request": request})
        expected = json.loads(json.dumps(serializer.data, default=str))
    records = from_json(pulled(client, "json"))
    assert records == expected
    assert {one["uuid"] for one in records} == {str(one.uuid) for one in visible}
    assert from_xlsx(pulled(client, "xlsx")) == [in_cells(one) for one in records]
    texts = [{key: str(cell) for key, cell in in_cells(one).items()} for one in records]
    assert from_csv(pulled(client, "csv")) == texts
    cards = list(vobject.readComponents(pulled(client, "vcf").decode()))
    assert [read_card(card) for card in cards] == [on_card(one) for one in records]
    pulled(client, "pdf")
    assert sorted(map(read_paper, printing[0]["entries"])) == sorted(map(on_paper, records))


def test_what_is_hidden_is_in_no_format(api, entries, neighbour, observer, delegate, printing):
    hidden = ("56900000001", "Beto Suplente", "Past Contact", "Former Otra")
    for ending in ("json", "csv", "vcf", "pdf"):
        text = pulled(api(observer), ending).decode() + json.dumps(printing)
        assert not [one for one in hidden if one in text], ending
    assert "Past Contact" not in pulled(api(neighbour), "csv").decode()
    own = pulled(api(delegate), "csv").decode()
    assert "Past Contact" in own
    assert "Former Otra" not in own


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_file_has_a_name_a_type_and_is_kept_by_nobody_else(api, observer, entries, printing, ending):
    answer = api(observer).get(f"/api/v1/directory.{ending}", headers={"Accept": "text/html"})
    today = datetime.now(UTC).date()
    assert answer["Content-Disposition"] == f'attachment; filename="cbm-directory-{today}.{ending}"'
    assert answer["Content-Type"] == directory.FORMATS[ending].media_type
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))
    body(answer)


def test_unknown_parameters_are_refused(api, observer):
    answer = api(observer).get("/api/v1/directory.csv?state=CHL")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["state"]


def test_tables_are_made_for_people(api, observer, make_contact, db):
    make_contact(full_name="=1+1", phone="+56221230001")
    content = pulled(api(observer), "csv")
    assert content.startswith(b"\xef\xbb\xbfurl,uuid,state,category,full_name,")
    assert b",'=1+1," in content
    assert b",'+56221230001," in content
    sheet = load_workbook(io.BytesIO(pulled(api(observer), "xlsx"))).active
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    named = next(cell for cell in sheet[2] if cell.value == "=1+1")
    assert named.data_type == "s"


def test_words_are_in_the_language_of_the_request_until_the_last_byte(api, ana, observer):
    answer = api(observer).get("/api/v1/directory.csv", headers={"Accept-Language": "es"})
    with translation.override("fr"), timezone.override("America/Bogota"):
        rows = from_csv(body(answer))
        assert translation.get_language() == "fr"
    with translation.override("es"):
        assert rows[0]["duty_hours"] == hours_in_words(dict.fromkeys("12345", "09:00-17:00"))
        assert "lunes" in rows[0]["duty_hours"]
    assert rows[0]["updated_at"].endswith("Z")


@pytest.mark.parametrize("ending", ["json", "csv", "vcf"])
def test_an_empty_directory_is_still_well_formed(api, observer, ending):
    content = pulled(api(observer), ending)
    read = {"json": from_json, "csv": from_csv, "vcf": lambda content: list(content)}
    assert read[ending](content) == []


def open_cursors() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE '_django_curs%'")
        return int(cursor.fetchone()[0])


def test_a_client_that_goes_away_leaves_no_cursor_open(api, entries, observer, monkeypatch):
    monkeypatch.setattr(directory, "BLOCK", 1)
    monkeypatch.setattr(directory, "CHUNK", 1)
    answer = api(observer).get("/api/v1/directory.json")
    parts = iter(answer.streaming_content)
    next(parts), next(parts)
    assert open_cursors() == 1
    # What a server does with a response once nobody is there to take it.
    answer._iterator.close()
    assert open_cursors() == 0


@pytest.mark.parametrize("ending", ENDINGS)
def test_more_contacts_are_no_more_questions(
    api, observer, make_contact, printing, django_assert_max_num_queries, ending
):
    client = api(observer)
    counts = []
    for _round in range(2):
        for number in range(2):
            make_contact(full_name=f"Contact {number}")
        pulled(client, ending)
        NOTED.readings = {
            (observer.pk, state, "file") for state in State.objects.values_list("pk", flat=True)
        }
        ANSWERS.forget()
        with django_assert_max_num_queries(20) as asked:
            pulled(client, ending)
        counts.append(len([one for one in asked.captured_queries if "SELECT" in one["sql"]]))
    # Who calls, and the contacts.
    assert counts == [2, 2]


@pytest.mark.parametrize("ending", ENDINGS)
def test_pulling_it_is_noted_as_a_file(api, neighbour, entries, chile, printing, ending):
    pulled(api(neighbour), ending)
    assert set(DirectoryRead.objects.values_list("state", "user", "via")) == {
        (chile.pk, neighbour.pk, "file")
    }


def test_it_is_noted_before_it_leaves(api, neighbour, entries):
    answer = api(neighbour).get("/api/v1/directory.csv")
    assert DirectoryRead.objects.count() == 1
    body(answer)


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_it_is_printed_in_every_language(api, observer, entries, language):
    content = pulled(api(observer), "pdf", **{"Accept-Language": language})
    assert content.startswith(b"%PDF-")


def test_what_names_say_is_not_typeset(api, observer, make_contact):
    make_contact(
        full_name='#panic("x") $ \\ <a> @b `c` */ // ]',
        position='#read("/etc/passwd")',
        email="a@example.org",
    )
    assert pulled(api(observer), "pdf").startswith(b"%PDF-")


def test_paper_says_for_whom_and_when_it_was_made(api, delegate, observer, entries, printing):
    pulled(api(delegate), "pdf")
    pulled(api(observer), "pdf")
    (own, other) = (" ".join(one["head"]["about"]) for one in printing)
    assert "Printed for Delegate Chl" in own
    assert "UTC" in own
    assert "As seen by: Chile · 4 points of contact" in own
    assert "As seen by: Members of the directory · 3 points of contact" in other


def test_a_press_that_fails_is_an_error_and_no_file(api, observer, entries, monkeypatch, tmp_path):
    broken = tmp_path / "directory.typ"
    broken.write_text("#panic()")
    monkeypatch.setattr(directory, "PAPER", broken)
    client = api(observer)
    client.raise_request_exception = False
    answer = client.get("/api/v1/directory.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    client.raise_request_exception = True
    with pytest.raises(CannotBeSet, match="panicked"):
        client.get("/api/v1/directory.pdf")
