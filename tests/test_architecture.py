"""The house as docs/architecture.md describes it: who imports whom, and one gateway to permissions."""

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)

# From left to right: a room may import rooms further left, and itself.
ROOMS = [
    ("cbmportal.bounds",),
    (
        *("cbmportal.fields", "cbmportal.language", "cbmportal.addresses"),
        *("cbmportal.postgres", "cbmportal.borrowed", "cbmportal.dates"),
        *("cbmportal.uploads", "cbmportal.formats", "cbmportal.rows"),
        *("cbmportal.memory", "cbmportal.statements", "cbmportal.typesetting"),
    ),
    ("cbmportal.forms",),
    ("cbmportal.history",),
    ("cbmportal.accounts",),
    ("cbmportal.drafts",),
    ("cbmportal.notices",),
    ("contacts",),
    ("policies",),
    ("measures",),
    ("cbmportal.pages", "cbmportal.api", "cbmportal.admin", "cbmportal.urls", "cbmportal.catalogues"),
]
PLACES = {room: place for place, rooms in enumerate(ROOMS) for room in rooms}
# What Django itself imports by name and what starts the portal stands outside the row.
OUTSIDE = {"cbmportal.settings", "cbmportal.apps", "cbmportal.wsgi", "cbmportal", "manage"}

LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def sources() -> list[Path]:
    tops = ["cbmportal", "contacts", "policies", "measures", "manage.py"]
    found = [
        path for top in tops for path in ([ROOT / top] if top.endswith(".py") else (ROOT / top).rglob("*.py"))
    ]
    return sorted(path for path in found if "migrations" not in path.parts)


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str | None:
    if module in OUTSIDE:
        return None
    matches = [room for room in PLACES if module == room or module.startswith(f"{room}.")]
    return max(matches, key=len, default=None)


def imports(tree: ast.Module) -> Iterator[str]:
    """Imported modules, those for type checking alone left out: they make no room need another."""
    checking = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in checking:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


TREES = {module_of(path): ast.parse(path.read_text()) for path in sources()}


def test_every_module_stands_in_a_room() -> None:
    assert [module for module in TREES if module not in OUTSIDE and room_of(module) is None] == []


def test_a_room_imports_only_rooms_to_its_left() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, tree in TREES.items()
        for name in imports(tree)
        if (own := room_of(module)) and (other := room_of(name))
        if own != other and PLACES[other] >= PLACES[own] and PLACES[own] != len(ROOMS) - 1
    ]
    assert wrong == []


def test_only_the_gateway_knows_guardian_and_asks_for_permissions() -> None:
    outside = {module: tree for module, tree in TREES.items() if not module.startswith("contacts.access")}
    wrong = [
        module
        for module, tree in outside.items()
        if any(name.split(".")[0] == "guardian" for name in imports(tree))
        or any(
            isinstance(node, ast.Attribute) and node.attr in ("has_perm", "has_perms", "user_permissions")
            for node in ast.walk(tree)
        )
    ]
    assert wrong == []


def test_no_room_is_called_after_nothing() -> None:
    nameless = {"utils", "helpers", "common", "misc"}
    assert [module for module in TREES if nameless & set(module.split("."))] == []


def test_sizes_stay_readable() -> None:
    """A warning, not a failure: a file or a function that grows long asks for a better shape."""
    for path in sources():
        lines = path.read_text().count("\n")
        if lines > LONGEST_FILE:
            warnings.warn(f"{path.relative_to(ROOT)} has {lines} lines", stacklevel=1)
        for node in ast.walk(TREES[module_of(path)]):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    warnings.warn(f"{module_of(path)}.{node.name} has {length} lines", stacklevel=1)
    assert TREES


@pytest.mark.parametrize("suffix", [".html", ".txt"])
def test_templates_hold_no_inline_script_or_style(suffix: str) -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob(f"*{suffix}")
        if any(mark in path.read_text() for mark in ("<script>", "<style", ' style="', " onclick=", "|safe"))
    ]
    assert wrong == []
