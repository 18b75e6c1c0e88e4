"""Admin is no second door: whatever an officer does there is written by a service, and by nothing else."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection, models
from django.test import Client

from cbmportal.accounts.models import User
from tests.cbmportal.test_admin import (
    CHANGES,
    ENTRIES,
    EXAMPLES,
    World,
    address,
    form_on,
    make_measure,
    make_policy,
    named,
)

ROOT = Path(settings.BASE_DIR)
#: Where writing is done; what stands anywhere else must pass through one of them.
DOORS = (
    *(
        "contacts/services/__init__.py",
        "contacts/services/acts.py",
        "policies/services.py",
        "measures/services.py",
    ),
    *("contacts/access/__init__.py", "contacts/access/accounts.py", "contacts/access/tokens.py"),
    "contacts/access/invitations.py",
    "cbmportal/notices/services.py",
)
#: What a request writes of itself: who is signed in, and what is said on the next page.
OF_THE_REQUEST = ("django_session",)
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


@pytest.fixture
def desk(browse: Callable[..., Client], officer: User) -> Client:
    return browse(officer)


@pytest.fixture
def world(chile: Any, ministry: Any, make_contact: Any, make_user: Any) -> World:
    return World(chile, ministry, make_contact, make_user, make_measure(4), make_policy(chile))


@contextmanager
def written() -> Iterator[list[tuple[str, bool]]]:
    """What is written to the database meanwhile, and whether a service stood behind it."""
    found: list[tuple[str, bool]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES) and not any(name in sql for name in OF_THE_REQUEST):
            files = {frame.filename for frame in traceback.extract_stack()}
            found.append((sql[:120], any(str(ROOT / door) in files for door in DOORS)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield found


def beside_the_services(found: list[tuple[str, bool]]) -> list[str]:
    return [sql for sql, through in found if not through]


@pytest.mark.parametrize("model", list(ENTRIES), ids=named)
def test_what_is_entered_is_written_by_a_service(
    desk: Client, world: World, model: type[models.Model]
) -> None:
    typed = form_on(desk.get(address(model, "add"))) | ENTRIES[model](world) | {"reason": "Note verbale 12"}
    with written() as found:
        assert desk.post(address(model, "add"), typed).status_code == 302
    assert found
    assert beside_the_services(found) == []


@pytest.mark.parametrize("model", list(CHANGES), ids=named)
def test_what_is_changed_is_written_by_a_service(
    desk: Client, world: World, model: type[models.Model]
) -> None:
    page = address(model, "change", EXAMPLES[model](world, 0).pk)
    name, value = CHANGES[model]
    typed = form_on(desk.get(page)) | {name: value, "reason": "Misspelt"}
    with written() as found:
        assert desk.post(page, typed).status_code == 302
    assert found
    assert beside_the_services(found) == []


#: What is typed in whatever step asks for it.
TYPED = {
    "reason": "Note verbale 12", "comment": "Please complete it.", "on": "2026-06-01", "result": "reached",
    "status": "withdrawn", "from_date": "2030-01-01", "until_date": "2030-01-01",
}  # fmt: skip


@pytest.mark.parametrize("model", [one for one in EXAMPLES if admin.site._registry[one].steps], ids=named)  # type: ignore[attr-defined]
def test_every_step_is_written_by_a_service(
    desk: Client, world: World, make_user: Callable[..., User], model: type[models.Model]
) -> None:
    desk.force_login(make_user("administrator", is_staff=True, is_superuser=True))
    for number, step in enumerate(admin.site._registry[model].steps):  # type: ignore[attr-defined]
        record = EXAMPLES[model](world, number)
        page = address(model, "step", record.pk, step.name)
        opened = desk.get(page)
        typed = (form_on(opened) if opened.status_code == 200 else {}) | TYPED
        with written() as found:
            desk.post(page, typed)
        assert beside_the_services(found) == [], step.name


@pytest.mark.parametrize("model", list(EXAMPLES), ids=named)
def test_nothing_else_is_written_at_all(desk: Client, world: World, model: type[models.Model]) -> None:
    """Deleting, forged actions, and opening any page."""
    record = EXAMPLES[model](world, 0)
    chosen = {"_selected_action": [record.pk], "post": "yes", "index": "0"}
    with written() as found:
        desk.post(address(model, "delete", record.pk), {"post": "yes"})
        for action in ("delete_selected", "discard", "close", ""):
            desk.post(address(model, "changelist"), chosen | {"action": action})
        for page in (
            address(model, "changelist"),
            address(model, "change", record.pk),
            address(model, "export", "csv"),
        ):
            desk.get(page)
    assert found == []


def test_no_list_is_edited_in_place_and_no_form_carries_others() -> None:
    for model, desk in admin.site._registry.items():
        assert (desk.list_editable, list(desk.inlines)) == ((), []), model
