"""What docs/api.md shows works as it stands there, and the example of a client that keeps a copy."""

import importlib.util
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from cbmportal.accounts.models import TokenScope
from cbmportal.api.problems import TITLES
from contacts.models import PointOfContact

DOCS = Path(settings.BASE_DIR) / "docs"
GUIDE = (DOCS / "api.md").read_text()
BLOCKS = [
    (language, textwrap.dedent(lines))
    for language, lines in re.findall(r"^ *```(sh|python)\n(.*?)^ *```$", GUIDE, re.M | re.S)
]
RUN = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}


def test_everything_that_it_shows_works(live_server: Any, delegate, ana: PointOfContact, key_of, tmp_path):
    environment = os.environ | {
        "PORTAL": live_server.url,
        "TOKEN": key_of(delegate, TokenScope.WRITE),
        "CONTACT": str(ana.uuid),
    }
    said = ""
    for language, block in BLOCKS:
        done = subprocess.run(
            [*RUN[language], block],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        said += done.stdout
    assert "CHL Ana Ejemplo +56221230001" in said
    assert "304\n" in said


def test_it_names_every_problem_that_a_client_can_act_on():
    of_the_protocol = {405, 406, 411, 415, 500}
    named = {int(number) for number in re.findall(r"\b([45]\d\d)\b", GUIDE)}
    assert TITLES.keys() - of_the_protocol <= named


def test_it_is_served_as_it_is_written(client, db):
    answer = client.get("/api/v1/docs/api.md")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.content.decode() == GUIDE


# The copy -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mirror() -> Any:
    specification = importlib.util.spec_from_file_location("mirror", DOCS / "examples/mirror.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


class Portal:
    """Answers as it was told to, in that order."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def get(self, address: str) -> Any:
        self.asked.append(address)
        return self.answers.pop(0)


def page(after: str, *changes: Any, more: bool = False) -> Any:
    return 200, {}, {"changes": list(changes), "next": after, "more": more}


def upsert(number: int, name: str) -> dict[str, Any]:
    return {"kind": "contact", "id": str(number), "action": "upsert", "at": "", "object": {"name": name}}


def end(number: int) -> dict[str, Any]:
    return {"kind": "contact", "id": str(number), "action": "end", "at": ""}


def test_the_example_is_short():
    assert len((DOCS / "examples/mirror.py").read_text().splitlines()) <= 60


def test_a_copy_begins_without_a_cursor_and_follows_next_until_there_is_no_more(mirror):
    portal = Portal(page("a b", upsert(1, "Ana"), upsert(2, "Beto"), more=True), page("c", upsert(1, "Eva")))
    state = mirror.sync(mirror.NOTHING, portal.get)
    assert state == {"next": "c", "records": {"contact/1": {"name": "Eva"}, "contact/2": {"name": "Beto"}}}
    assert portal.asked == ["changes/", "changes/?since=a%20b"]


def test_a_copy_goes_on_where_it_was_and_forgets_what_has_ended(mirror):
    portal = Portal(page("d", end(1), end(3)))
    before = {"next": "c", "records": {"contact/1": {}, "contact/2": {}}}
    assert mirror.sync(before, portal.get) == {"next": "d", "records": {"contact/2": {}}}
    assert portal.asked == ["changes/?since=c"]
    assert before["records"].keys() == {"contact/1", "contact/2"}


def test_a_copy_that_is_too_old_begins_anew(mirror):
    portal = Portal((410, {}, {}), page("z", upsert(2, "Beto")))
    state = mirror.sync({"next": "c", "records": {"contact/1": {}}}, portal.get)
    assert state == {"next": "z", "records": {"contact/2": {"name": "Beto"}}}
    assert portal.asked == ["changes/?since=c", "changes/"]


def test_a_copy_waits_when_it_is_told_to(mirror):
    portal, waited = Portal((429, {"Retry-After": "7"}, {}), page("a")), []
    mirror.sync(mirror.NOTHING, portal.get, wait=waited.append)
    assert waited == [7.0]
    assert portal.asked == ["changes/", "changes/"]


@pytest.mark.parametrize("status", [400, 401, 410, 500])
def test_a_copy_stays_as_it_was_when_the_portal_refuses(mirror, status):
    with pytest.raises(RuntimeError, match=f"{status}: Because"):
        mirror.sync(mirror.NOTHING, Portal((status, {}, {"detail": "Because"})).get)
