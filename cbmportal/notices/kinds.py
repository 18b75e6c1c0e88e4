"""What a notice can be about, and what it then says. The rooms to the right register their kinds here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cbmportal.history.changes import Difference

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cbmportal.notices.models import Notice


@dataclass(frozen=True)
class Message:
    """What one notice says, in the language and the time zone that are in force while it is written."""

    subject: str
    paragraphs: tuple[str, ...]
    #: Why its reader gets it.
    why: str
    #: Somebody's own words: a reason, a comment.
    quote: str = ""
    differences: tuple[Difference, ...] = ()
    #: A code to be typed.
    code: str = ""
    #: The one thing to do, and where: a path of the portal.
    action: str = ""
    link: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Kind:
    """`say` writes the message, or gives None if its reader may no longer be told."""

    code: str
    label: StrOrPromise
    say: Callable[[Notice, datetime], Message | None]
    urgent: bool = False
    #: Whether it can be told from the records alone, and so also once more after it was given up.
    repeatable: bool = True


_known: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    _known.update({kind.code: kind for kind in kinds})


def kind_of(code: str) -> Kind:
    return _known[code]


def label_of(code: str) -> str:
    """Also of a kind that the portal no longer has."""
    return str(_known[code].label) if code in _known else code


def is_repeatable(code: str) -> bool:
    return code in _known and _known[code].repeatable


def known_kinds() -> list[Kind]:
    return list(_known.values())
