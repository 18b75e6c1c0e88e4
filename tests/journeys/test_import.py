"""An officer brings in the list that the Secretariat has kept so far, with one mistake in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cbmportal.accounts.models import User
from contacts.models import PointOfContact, State
from tests.lists import ANA, BETO, cells, csv_of, xlsx_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_list_is_mended_and_brought_in(
    page: Page, live_server: Any, sign_in: Callable[[User], None], officer: User, chile: State, tmp_path: Path
) -> None:
    (tmp_path / "wrong.csv").write_bytes(csv_of(cells(ANA, BETO | {"State": "Chle"}), "utf-16", "\t"))
    (tmp_path / "right.xlsx").write_bytes(xlsx_of(cells(ANA, BETO)))
    sign_in(officer)
    page.goto(f"{live_server.url}/admin/contacts/pointofcontact/")
    page.get_by_role("link", name="Import the directory").click()
    page.get_by_label("List of contacts").set_input_files(tmp_path / "wrong.csv")
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_text("Row 3, column “State”")).to_be_visible()
    page.get_by_role("link", name="Hand in another list").click()
    page.get_by_label("List of contacts").set_input_files(tmp_path / "right.xlsx")
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_role("row", name="Beto Otro")).to_contain_text("new institution")
    assert not PointOfContact.objects.exists()
    page.get_by_label("Reason").fill("The list of June")
    page.get_by_role("button", name="Bring in 2 rows").click()
    expect(page.get_by_text("2 contacts entered")).to_be_visible()
    assert PointOfContact.objects.count() == 2
