"""The pages of the import: hand in, look, confirm; and the blank lists."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from cbmportal.accounts.models import User
from contacts.access import viewer_of
from contacts.models import DirectoryImport, PointOfContact, State
from contacts.services import change_contact_details
from tests.conftest import CAST, Cast
from tests.desk import form_on
from tests.lists import ANA, BETO, cells, csv_of

START = reverse("admin:contacts_pointofcontact_import")
LIST = reverse("admin:contacts_pointofcontact_changelist")


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


def hand_in(desk: Client, content: bytes, name: str = "list.csv") -> Any:
    return desk.post(START, {"file": SimpleUploadedFile(name, content)}, follow=True)


def address_of(page: Any) -> str:
    return str(page.redirect_chain[-1][0])


def message_on(page: Any) -> str:
    return str(list(page.context["messages"])[-1])


def test_the_list_of_contacts_leads_to_the_import(desk: Client) -> None:
    assert f'href="{START}"' in desk.get(LIST).content.decode()


def test_a_list_is_shown_and_nothing_is_written_until_it_is_confirmed(desk: Client, chile: State) -> None:
    page = hand_in(desk, csv_of(cells(ANA, BETO)))
    assert "Bring in 2 rows" in page.content.decode()
    assert not PointOfContact.objects.exists()
    done = desk.post(address_of(page), form_on(page) | {"reason": "Agreed"}, follow=True)
    assert message_on(done) == "The list is brought in: 2 contacts entered, 0 corrected, 0 as they were."
    assert PointOfContact.objects.count() == 2
    assert not DirectoryImport.objects.exists()


def test_a_second_click_is_told_that_it_came_second(desk: Client, chile: State) -> None:
    page = hand_in(desk, csv_of(cells(ANA)))
    typed = form_on(page)
    desk.post(address_of(page), typed)
    again = desk.post(address_of(page), typed, follow=True)
    assert "has been brought in, or is no longer kept" in message_on(again)
    assert PointOfContact.objects.count() == 1


def test_a_list_with_problems_shows_them_and_has_no_button(desk: Client, chile: State) -> None:
    page = hand_in(desk, csv_of(cells(ANA, BETO | {"E-mail address": "nobody"})))
    text = page.content.decode()
    assert "Row 3, column “E-mail address”" in text
    assert "Bring in" not in text
    desk.post(address_of(page), {"seen": page.context["plan"].mark})
    assert not PointOfContact.objects.exists()


def test_what_changed_meanwhile_is_shown_again_with_what_was_typed(
    desk: Client, make_contact: Callable[..., PointOfContact], delegate: User
) -> None:
    ana = make_contact(note_date=date(2026, 1, 15))
    page = hand_in(desk, csv_of(cells(ANA | {"Official position": "Director"})))
    typed = form_on(page) | {"reason": "Agreed"}
    change_contact_details(contact=ana, changes={"position": "Minister"}, by=viewer_of(delegate))
    again = desk.post(address_of(page), typed)
    assert "has changed since you looked" in again.content.decode()
    assert form_on(again)["reason"] == ["Agreed"]
    desk.post(address_of(page), form_on(again))
    ana.refresh_from_db()
    assert ana.position == "Director"


def test_a_list_that_cannot_be_read_says_why_at_its_field(desk: Client) -> None:
    page = hand_in(desk, b"%PDF-1.7", "list.pdf")
    assert "Only CSV and XLSX" in page.context["form"].errors["file"][0]
    assert desk.post(START, {}).context["form"].errors["file"]


def test_the_list_of_another_officer_is_not_shown(
    desk: Client, browse: Callable[..., Client], make_user: Callable[..., User], chile: State
) -> None:
    page = hand_in(desk, csv_of(cells(ANA)))
    colleague = browse(make_user("colleague", is_staff=True))
    assert "Ana Ejemplo" not in colleague.get(address_of(page), follow=True).content.decode()


@pytest.mark.parametrize("person", [name for name in CAST if name != "officer"])
def test_nobody_else_opens_these_pages(
    db: None, browse: Callable[..., Client], cast: Cast, person: str
) -> None:
    client = browse(cast.people[person])
    blank = reverse("admin:contacts_pointofcontact_import_blank", args=["en", "csv"])
    for address in (START, blank):
        assert client.get(address).status_code in (302, 403)
    file = SimpleUploadedFile("list.csv", csv_of(cells(ANA)))
    assert client.post(START, {"file": file}).status_code in (302, 403)
    assert not DirectoryImport.objects.exists()


def blank(desk: Client, language: str, form: str) -> bytes:
    response = desk.get(reverse("admin:contacts_pointofcontact_import_blank", args=[language, form]))
    assert response.status_code == 200
    assert f"directory-{language}.{form}" in response["Content-Disposition"]
    return bytes(response.content)


LANGUAGES = [code[:2] for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_blank_list_filled_in_is_brought_in_and_then_differs_in_nothing(
    desk: Client, chile: State, language: str, form: str
) -> None:
    content = filled(blank(desk, language, form), form, list(ANA.values()))
    page = hand_in(desk, content, f"list.{form}")
    assert page.context["plan"].counts["new"] == 1
    desk.post(address_of(page), form_on(page))
    again = hand_in(desk, content, f"list.{form}")
    assert again.context["plan"].counts == {"new": 0, "changed": 0, "unchanged": 1, "problem": 0}
    assert "Nothing differs" in again.content.decode()


def filled(content: bytes, form: str, row: list[Any]) -> bytes:
    if form == "csv":
        return content + csv_of([row])
    book = load_workbook(io.BytesIO(content))
    book.worksheets[0].append(row)
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def test_a_blank_workbook_says_what_belongs_where(desk: Client, chile: State, colombia: State) -> None:
    book = load_workbook(io.BytesIO(blank(desk, "es", "xlsx")))
    first, second = book.worksheets
    assert [cell.value for cell in first[1]][:2] == ["Estado", "Nombre completo"]
    assert first.column_dimensions["G"].number_format == "@"
    said = [cell for row in second.iter_rows(values_only=True) for cell in row]
    assert {"Política cibernética", "Relaciones exteriores", "Chile", "CHL", "Colombia", "COL"} <= set(said)


def test_a_state_named_like_a_formula_is_text_in_the_blank_list(desk: Client, chile: State) -> None:
    State.objects.update(name_en="=1+1")
    book = load_workbook(io.BytesIO(blank(desk, "en", "xlsx")))
    cell = next(cell for row in book.worksheets[1] for cell in row if cell.value == "=1+1")
    assert cell.data_type == "s"


@pytest.mark.parametrize(("language", "form"), [("de", "csv"), ("en", "pdf"), ("pt-br", "csv")])
def test_there_is_no_other_blank_list(desk: Client, language: str, form: str) -> None:
    address = reverse("admin:contacts_pointofcontact_import_blank", args=[language, form])
    assert desk.get(address).status_code == 404


def test_the_directory_as_a_file_differs_in_nothing(
    desk: Client, browse: Callable[..., Client], ana: PointOfContact
) -> None:
    for form in ("csv", "xlsx"):
        file = desk.get(f"/api/v1/directory.{form}")
        content = b"".join(file) if file.streaming else file.content
        plan = hand_in(desk, content, f"directory.{form}").context["plan"]
        assert plan.counts == {"new": 0, "changed": 0, "unchanged": 1, "problem": 0}, plan.problems
