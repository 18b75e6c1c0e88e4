"""A client generated from the schema is used as it comes out of the generator."""

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from cbmportal.accounts.models import TokenScope
from contacts.models import PointOfContact

SCHEMA = Path(settings.BASE_DIR) / "docs/openapi.json"
NAME = "portal_client"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Any:
    place = tmp_path_factory.mktemp("client")
    beside = Path(sys.executable).parent
    done = subprocess.run(
        [
            *(str(beside / "openapi-python-client"), "generate", "--path", str(SCHEMA)),
            *("--meta", "none", "--output-path", str(place / NAME), "--fail-on-warning"),
            *("--config", str(SCHEMA.parent / "examples/client.yml")),
        ],
        env=os.environ | {"PATH": f"{beside}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "arning" not in done.stdout + done.stderr
    sys.path.insert(0, str(place))
    yield importlib.import_module(NAME)
    sys.path.remove(str(place))


@pytest.fixture
def client_of(generated: Any, live_server: Any, key_of: Any) -> Any:
    def make(user: Any = None) -> Any:
        if user is None:
            return generated.Client(base_url=live_server.url)
        key = key_of(user, TokenScope.WRITE)
        return generated.AuthenticatedClient(base_url=live_server.url, token=key, prefix="Token")

    return make


def operation(group: str, name: str) -> Any:
    return importlib.import_module(f"{NAME}.api.{group}.{name}")


def model(name: str) -> Any:
    return getattr(importlib.import_module(f"{NAME}.models"), name)


def groups(generated: Any) -> list[Path]:
    place = Path(generated.__file__).parent / "api"
    return sorted(path for path in place.glob("*/*.py") if path.name != "__init__.py")


def test_everything_that_needs_no_argument_is_read_and_understood(
    generated, client_of, delegate, ana, strategy, seminar, term, milestone, public_office, participation
):
    """Every list, whatever is added to the schema."""
    client = client_of(delegate)
    read = set()
    for path in groups(generated):
        name = path.stem
        if name.startswith(("list_", "get_labels", "get_implementation")):
            answer = operation(path.parent.name, name).sync_detailed(client=client)
            assert answer.status_code == 200, name
            assert answer.parsed is not None, name
            read.add(name)
    assert {"list_contacts", "list_policies", "list_states", "get_labels", "list_resources"} <= read


def test_a_contact_is_found_and_read(client_of, delegate, ana: PointOfContact):
    client = client_of(delegate)
    category = importlib.import_module(f"{NAME}.models.list_contacts_category").ListContactsCategory
    page = operation("contacts", "list_contacts").sync(
        client=client, state="CHL", category=category.CYBER_POLICY, open_now=False, page_size=1
    )
    assert (page.count, page.results[0].full_name) == (1, "Ana Ejemplo")
    contact = operation("contacts", "get_contact").sync(page.results[0].uuid, client=client)
    assert (contact.uuid, contact.phone, contact.duty_hours["1"]) == (ana.uuid, ana.phone, "09:00-17:00")
    assert contact.updated_at == ana.updated_at


def test_what_has_not_changed_is_known_without_a_body(client_of, delegate, ana):
    read = operation("contacts", "list_contacts").sync_detailed
    first = read(client=client_of(delegate))
    again = read(client=client_of(delegate), if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content, again.parsed) == (304, b"", None)


def test_a_detail_that_is_kept_from_the_caller_is_unset(client_of, neighbour, ana):
    contact = operation("contacts", "get_contact").sync(ana.uuid, client=client_of(neighbour))
    unset = importlib.import_module(f"{NAME}.types").UNSET
    assert contact.mobile is unset
    assert contact.phone == ana.phone


def test_a_refusal_is_a_problem_with_its_fields(client_of, delegate, ana):
    refused = operation("contacts", "list_contacts").sync_detailed(
        client=client_of(delegate), page_size=1000, state="XXX"
    )
    assert refused.status_code == 400
    assert isinstance(refused.parsed, model("Problem"))
    assert refused.parsed.errors.additional_properties.keys() >= {"state"}
    nobody = operation("contacts", "list_contacts").sync(client=client_of())
    assert (nobody.status, nobody.title) == (401, "Not signed in")


def test_what_is_written_is_read_back(generated, client_of, delegate, ana: PointOfContact):
    client = client_of(delegate)
    read = operation("contacts", "get_contact").sync_detailed(ana.uuid, client=client)
    update = operation("contacts", "update_contact").sync_detailed
    body = model("PatchedContactInput")(phone="+56221230009")
    written = update(ana.uuid, client=client, body=body, if_match=read.headers["ETag"])
    assert (written.status_code, written.parsed.phone) == (200, "+56221230009")
    late = update(ana.uuid, client=client, body=body, if_match=read.headers["ETag"])
    assert (late.status_code, late.parsed.status) == (412, 412)
