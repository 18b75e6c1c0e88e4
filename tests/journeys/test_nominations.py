"""A formal act from the first draft to the directory, as the people of a state and the Secretariat do it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from cbmportal.accounts.models import User
from contacts.models import FormalAct, PointOfContact

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[User], None]


@pytest.fixture
def turn(page: Page, sign_in: SignIn) -> Callable[[User], Page]:
    """The next person sits down, each in a session of their own: a code of an authenticator app opens once."""
    sessions: dict[str, Any] = {}
    sitting: list[str] = []

    def sit_down(user: User) -> Page:
        if sitting:
            sessions[sitting.pop()] = page.context.cookies()
        page.context.clear_cookies()
        sitting.append(user.email)
        if user.email in sessions:
            page.context.add_cookies(sessions[user.email])
        else:
            sign_in(user)
            page.wait_for_url(re.compile("/(my|admin)/"))
        return page

    return sit_down


@pytest.fixture
def listed(browse: Callable[..., Client], observer: User) -> Callable[[], list[str]]:
    """Whom an observer finds in the directory now: Ana or Berta, never both and never none."""
    client = browse(observer)

    def names() -> list[str]:
        page = client.get("/en/directory/").content.decode()
        return [name for name in ("Ana Ejemplo", "Berta Nueva") if name in page]

    return names


def download(page: Page, name: str) -> Path:
    with page.expect_download() as downloaded:
        page.get_by_role("link", name=name).first.click()
    return Path(downloaded.value.path())


def attach(page: Page, file: Path, reference: str) -> None:
    page.get_by_label("Signed note").set_input_files(file)
    page.get_by_label("Reference of the note verbale").fill(reference)
    page.get_by_role("button", name="Attach the signed note").click()


def test_a_replacement_from_the_draft_to_the_directory(
    turn: Callable[[User], Page],
    live_server: Any,
    listed: Callable[[], list[str]],
    delegate: User,
    designator: User,
    officer: User,
    ana: PointOfContact,
    tmp_path: Path,
) -> None:
    page = turn(delegate)
    page.goto(f"{live_server.url}{ana.get_absolute_url()}")
    page.get_by_role("link", name="Another official follows: replace").click()
    page.get_by_label("Full name").fill("Berta Nueva")
    page.get_by_label("Official position").fill("Director of Cyber Policy")
    page.get_by_label("E-mail address").fill("berta.nueva@example.org")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("The draft is saved.")
    address = page.url
    assert listed() == ["Ana Ejemplo"]

    page = turn(designator)
    page.goto(address)
    signed = download(page, "PDF in Spanish")
    assert signed.read_bytes().startswith(b"%PDF-")
    broken = tmp_path / "note.pdf"
    broken.write_bytes(b"MZ this is a program")
    attach(page, broken, "NV 7/2026")
    expect(page.locator(".field-wrong")).to_be_visible()
    assert listed() == ["Ana Ejemplo"]
    scan = tmp_path / "signed note.pdf"
    scan.write_bytes(signed.read_bytes())
    attach(page, scan, "NV 7/2026")
    expect(page.get_by_role("status")).to_contain_text("The signed note is attached.")
    page.get_by_role("button", name="Submit to the Secretariat").click()
    expect(page.get_by_role("status")).to_contain_text("Submitted.")
    assert listed() == ["Ana Ejemplo"]

    page = turn(officer)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="Berta Nueva").first.click()
    expect(page.get_by_role("row", name=re.compile("Ana Ejemplo.*Berta Nueva"))).to_be_visible()
    page.get_by_text("Return with a comment").click()
    page.get_by_label("Comment for the state").fill("The seal is missing.")
    page.get_by_role("button", name="Return to the state").click()
    expect(page.get_by_text("Returned to its state")).to_be_visible()
    assert listed() == ["Ana Ejemplo"]

    page = turn(designator)
    page.goto(f"{live_server.url}/en/my/CHL/")
    expect(page.get_by_text("The seal is missing.")).to_be_visible()
    page.goto(address)
    attach(page, scan, "NV 7/2026 rev.")
    page.get_by_role("button", name="Submit to the Secretariat").click()
    expect(page.get_by_role("status")).to_contain_text("Submitted.")
    assert listed() == ["Ana Ejemplo"]

    page = turn(officer)
    page.goto(f"{live_server.url}/admin/contacts/formalact/review/")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accepted, and in the directory")).to_be_visible()
    assert listed() == ["Berta Nueva"]

    act = FormalAct.objects.get()
    stages = list(act.events.order_by("pgh_id").values_list("stage", flat=True))
    assert stages == [
        *("draft", "note_attached", "submitted", "returned"),
        *("note_attached", "submitted", "accepted"),
    ]
    page = turn(delegate)
    page.goto(f"{address}history/")
    for said in ("The seal is missing.", officer.full_name, designator.full_name, delegate.full_name):
        expect(page.get_by_text(said).first).to_be_visible()
