"""The folders and file locks of the embedded server."""

import fcntl
import os
import pwd
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SYSTEM = Path("/var/lib/cbmportal")


class PortalCannotStart(Exception):
    """Why the portal cannot start, in one sentence for the person who started it."""


def data_folder() -> Path:
    folder = Path(os.environ.get("PORTAL_DATA") or CHECKOUT / ".data").resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def cluster_name(data: Path) -> str:
    """The random name of the cluster that belongs to this data folder.

    A folder that was moved keeps its cluster; a copy gets one of its own, and so does a new folder at an old
    place.
    """
    note = data / "cluster"
    name, place = _read_note(note)
    if place != data:
        with locked(data / "cluster.lock"):
            name, place = _read_note(note)
            if not name or _was_copied(note, name, place):
                name = secrets.token_hex(8)
            aside = data / "cluster.new"
            aside.write_text(f"{name}\n{data}", errors="surrogateescape")
            aside.replace(note)
    return name


def _read_note(note: Path) -> tuple[str, Path]:
    """The name of a cluster, and the data folder it was given to."""
    try:
        name, _, place = note.read_text(errors="surrogateescape").partition("\n")
    except FileNotFoundError:
        return "", Path()
    if not name.isalnum():
        raise PortalCannotStart(
            f"The file {note} is damaged; without it the portal starts anew, without data."
        )
    return name, Path(place)


def _was_copied(note: Path, name: str, place: Path) -> bool:
    original = place / note.name
    with suppress(OSError):
        return not original.samefile(note) and _read_note(original)[0] == name
    return False


def make_private(folder: Path) -> None:
    """A folder for the server's user alone; one that somebody else made first is refused."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("nobody")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        return
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise PortalCannotStart(f"{folder} is not a folder that belongs to you alone; remove it.")


def make_public(folder: Path) -> None:
    """A folder of ours that the server's user can pass through, whatever root's umask says."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    if folder.is_relative_to(SYSTEM):
        folder.chmod(0o755)
        for parent in folder.relative_to(SYSTEM).parents:
            (SYSTEM / parent).chmod(0o755)


def open_lock(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_RDWR, 0o600)


def take(lock: int) -> bool:
    """Make the lock ours alone, unless someone else has a part in it."""
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time inside."""
    lock = open_lock(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
