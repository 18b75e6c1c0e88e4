"""A list as a spreadsheet is the list on the screen: the same rows, columns and order, and no formulas."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from openpyxl import load_workbook

from cbmportal.accounts.models import User
from contacts.access import portal
from contacts.admin import export
from contacts.admin.export import as_csv, as_xlsx
from contacts.exports.spreadsheets import plain
from contacts.models import Institution, PointOfContact
from contacts.services import add_institution, confirm_contact

CONTACTS = reverse("admin:contacts_pointofcontact_changelist")


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


def exported(
    desk: Client, form: str, query: str = "", model: str = "contacts_pointofcontact"
) -> list[list[Any]]:
    response = desk.get(f"{reverse(f'admin:{model}_export', args=[form])}?{query}")
    assert response.status_code == 200, response
    if form == "csv":
        return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(response.content)).active
    return [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]


class TableReader(HTMLParser):
    """The cells of the list on the screen; an icon counts as its alternative text."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = self.cell = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.inside |= given.get("id") == "result_list"
        if self.inside and tag == "tr":
            self.rows.append([])
        elif self.inside and tag in ("th", "td"):
            self.cell = "action-checkbox" not in (given.get("class") or "")
            if self.cell:
                self.rows[-1].append("")
        elif self.cell and tag == "img":
            self.rows[-1][-1] += given.get("alt") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self.cell = False
        self.inside &= tag != "table"

    def handle_data(self, data: str) -> None:
        if self.inside and self.cell:
            self.rows[-1][-1] += data.strip()


def on_screen(desk: Client, query: str) -> list[list[str]]:
    reader = TableReader()
    reader.feed(desk.get(f"{CONTACTS}?{query}").content.decode())
    return [row for row in reader.rows[1:] if row]


def as_on_screen(cell: str) -> str:
    """An exported cell as the screen writes it."""
    if cell in ("yes", "no"):
        return {"yes": "True", "no": "False"}[cell]
    if "T" in cell and cell[:4].isdigit():
        return date_format(datetime.fromisoformat(cell), "DATETIME_FORMAT")
    return cell or "–"


@pytest.mark.parametrize(
    "query", ["", "office=active", "q=official 1", "o=-1", "o=3.-1", "category__exact=foreign_affairs&o=1"]
)
def test_the_export_is_the_list_row_by_row(
    desk: Client, make_contact: Callable[..., PointOfContact], query: str
) -> None:
    for n in range(12):
        made = make_contact(
            full_name=f"Official {n}", category="foreign_affairs" if n % 3 else "cyber_policy"
        )
        if n % 2:
            confirm_contact(
                contact=made, by=portal(), reason="test", at=datetime(2026, 1, n, 9, 30, tzinfo=UTC)
            )
    screen = on_screen(desk, query)
    assert len(screen) > 1
    for form in ("csv", "xlsx"):
        rows = exported(desk, form, query)[1:]
        assert [[as_on_screen(cell) for cell in row] for row in rows] == screen


def test_all_pages_are_exported(desk: Client, ministry: Institution, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(60):
        add_institution(state=ministry.state, name=f"Office {n:02}", by=portal(), reason="test")
    rows = exported(desk, "csv", "p=2", model="contacts_institution")
    assert len(rows) == 1 + 61
    assert rows[0][0] == "Name"


@pytest.mark.parametrize("begins", ["=1+1", "+56221230001", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_is_taken_for_a_formula(begins: str) -> None:
    (row,) = csv.reader(io.StringIO(as_csv([[begins]]).decode("utf-8-sig"), newline=""))
    assert row == [f"'{begins}"]
    cell = load_workbook(io.BytesIO(as_xlsx([[begins.strip()]]))).active["A1"]
    assert (cell.data_type, cell.value) == ("s", begins.strip())


@pytest.mark.parametrize(
    "text", ["Ana;=1+1", "Ana;@SUM(A1)", 'a;"=1+1"', "a\n=1+1", "a\t=1+1", "a,-2", "first\r+1"]
)
@pytest.mark.parametrize("separator", [";", "\t"])
def test_nor_where_the_spreadsheet_cuts_lines_elsewhere(text: str, separator: str) -> None:
    lines = as_csv([["first", text]]).decode("utf-8-sig").splitlines()
    cells = [cell.strip('"') for line in lines for cell in line.split(separator)]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_name_with_a_semicolon_or_a_hyphen_stays_as_it_is() -> None:
    assert b"Ana; Ana-Mar\xc3\xada, +56" in as_csv([["Ana; Ana-Mar\u00eda, +56"]])


def test_a_name_like_a_formula_stays_text_in_a_real_list(desk: Client, ministry: Institution) -> None:
    add_institution(state=ministry.state, name='=HYPERLINK("x")', by=portal(), reason="test")
    names = [row[0] for row in exported(desk, "csv", model="contacts_institution")]
    assert '\'=HYPERLINK("x")' in names


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "yes"),
        (7, 7),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05+00:00"),
        (["es", "en"], "es, en"),
    ],
)
def test_values_are_written_plainly(value: Any, cell: Any) -> None:
    assert plain(value) == cell


def test_a_list_without_end_is_not_exported(
    desk: Client, ana: PointOfContact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST", 0)
    response = desk.get(reverse("admin:contacts_pointofcontact_export", args=["csv"]), follow=True)
    assert "more than 0 rows" in str(next(iter(response.context["messages"])))


def test_an_unknown_format_or_filter_is_refused(desk: Client, ana: PointOfContact) -> None:
    assert desk.get(reverse("admin:contacts_pointofcontact_export", args=["pdf"])).status_code == 404
    address = reverse("admin:contacts_pointofcontact_export", args=["csv"])
    assert desk.get(f"{address}?category__exact=%00").status_code == 400
    assert desk.get(f"{address}?bogus=1").status_code == 302
    assert desk.get(f"{address}?email__startswith=a").status_code == 400


def test_no_export_tells_of_passwords(desk: Client, delegate: User) -> None:
    (_head, *rows) = exported(desk, "csv", model="accounts_user")
    assert delegate.email in {row[1] for row in rows}
    assert not any("!" in cell or "$" in cell for row in rows for cell in row)


def test_nobody_else_exports(browse: Callable[..., Client], delegate: User) -> None:
    address = reverse("admin:contacts_pointofcontact_export", args=["csv"])
    assert browse(delegate).get(address).status_code == 403
