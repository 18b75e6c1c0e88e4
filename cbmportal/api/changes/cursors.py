"""How far a client has followed, and with whose eyes. Signed, so that nobody can ask with the eyes of others."""

from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing

from contacts.access import VISITOR, Viewer

SALT = "changes"
#: A place in the log: a transaction, and a line in it.
Place = tuple[int, int]


@dataclass(frozen=True)
class Cursor:
    """Everything up to `at` has been told. Up to `seen`, somebody with the eyes `before` had been told already.

    `before` is None where nothing has changed about what the caller may see; a visitor who is no one at all
    (`began_anew`) has seen nothing.
    """

    epoch: str
    at: Place
    eyes: Viewer
    seen: Place
    before: Viewer | None = None
    began_anew: bool = False

    @property
    def needs(self) -> int:
        """The transaction from which on the log must be whole."""
        return max(self.at, self.seen)[0]

    @property
    def is_catching_up(self) -> bool:
        return self.began_anew or self.before is not None


def written(cursor: Cursor) -> str:
    return signing.Signer(salt=SALT).sign_object(
        {**asdict(cursor), "eyes": _eyes(cursor.eyes), "before": cursor.before and _eyes(cursor.before)},
        compress=True,
    )


def read(text: str) -> Cursor:
    """Raises BadSignature for whatever `written` has not written."""
    try:
        fields: dict[str, Any] = signing.Signer(salt=SALT).unsign_object(text)
        before = fields.pop("before")
        return Cursor(
            **{**fields, "at": tuple(fields["at"]), "seen": tuple(fields["seen"])}
            | {"eyes": _viewer(fields["eyes"]), "before": None if before is None else _viewer(before)}
        )
    except (ValueError, TypeError, KeyError) as error:
        raise signing.BadSignature from error


def _eyes(viewer: Viewer) -> list[Any]:
    return [viewer.secretariat, viewer.member, sorted(viewer.delegate_of)]


def _viewer(eyes: list[Any]) -> Viewer:
    secretariat, member, states = eyes
    return (
        Viewer(secretariat=secretariat, member=member, delegate_of=frozenset(states))
        if any(eyes)
        else VISITOR
    )
