"""What the docs say exists, and what exists the docs say."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import reverse

ROOT = Path(settings.BASE_DIR)
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
READ_THE_ENVIRONMENT = [
    ROOT / "cbmportal/settings.py",
    ROOT / "cbmportal/pages/management/commands/serve.py",
    *(ROOT / "cbmportal/postgres").glob("*.py"),
]
# Steps of other targets, not meant to be called by hand.
STEPS = {"browser", "checks", "venv"}
OWN_APPS = ("cbmportal.", "contacts", "policies", "measures")


def environment_variables() -> set[str]:
    """The variables that settings.py and the data folder read."""
    names: set[str] = set()
    for path in READ_THE_ENVIRONMENT:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in (
                *("env_text", "env_flag", "env_list", "env_number"),
                *("get", "getenv"),
            ):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and str(first.value).isupper():
                    names.add(str(first.value))
    return names


def own_commands() -> set[str]:
    return {name for name, app in get_commands().items() if str(app).startswith(OWN_APPS)}


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.M))


def written(pattern: str) -> set[str]:
    return {match for doc in DOCS for match in re.findall(pattern, doc.read_text())}


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    rows = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.M))
    assert rows == environment_variables()


def test_every_command_of_ours_is_documented_and_every_documented_command_exists() -> None:
    documented = written(r"manage\.py ([a-z_]+)")
    assert own_commands() <= documented
    assert documented <= set(get_commands())


def test_every_documented_make_target_exists_and_the_reverse() -> None:
    assert written(r"`make ([a-z]+)`") == make_targets() - STEPS


def test_every_linked_file_and_named_module_exists() -> None:
    missing = [
        f"{doc.name}: {target}"
        for doc in DOCS
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", doc.read_text())
        if not (doc.parent / target).exists()
    ]
    missing += [
        f"{doc.name}: {path}"
        for doc in DOCS
        for path in re.findall(
            r"`((?:cbmportal|contacts|policies|measures|tests|docs|templates)/[\w/.*-]+)`", doc.read_text()
        )
        if not list(ROOT.glob(path.rstrip("/")))
    ]
    assert missing == []


def test_every_url_name_in_the_permissions_table_exists_and_the_reverse() -> None:
    from tests.access_table import TABLE

    rows = set(re.findall(r"^\| `([\w:-]+)` \|", (ROOT / "docs/permissions.md").read_text(), re.M))
    assert rows == set(TABLE)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "home",
            "states",
            "policies",
            "policies_feed",
            "measures",
            "implementation",
            "timeline",
            "glossary",
        ),
        *("about", "privacy", "accessibility", "directory", "my", "account_login"),
    ],
)
def test_the_promised_pages_exist_in_every_language(name: str) -> None:
    from django.utils.translation import override

    for code, prefix in (("en", "en"), ("es", "es"), ("pt-br", "pt"), ("fr", "fr")):
        with override(code):
            assert reverse(name).startswith(f"/{prefix}/")


def test_decisions_are_numbered_and_listed() -> None:
    records = sorted(path.name for path in (ROOT / "docs/adr").glob("[0-9]*.md"))
    assert [int(name[:4]) for name in records] == list(range(1, len(records) + 1))
    index = (ROOT / "docs/adr/README.md").read_text()
    assert [name for name in records if name not in index] == []
