from functools import cache
from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from cbmportal.statements import KEY_SLOT, MOMENT_SLOT, Statement


@cache
def _running() -> Statement:
    sessions = db.SessionStore.get_model_class().objects.filter(
        session_key=KEY_SLOT, expire_date__gt=MOMENT_SLOT
    )
    return Statement(sessions.values_list("session_data"))


class SessionStore(db.SessionStore):
    """A cookie may hold any character; keys that the portal cannot have given are not looked for."""

    def __init__(self, session_key: str | None = None) -> None:
        possible = session_key and session_key.isascii() and session_key.isalnum()
        super().__init__(session_key if possible else None)

    def load(self) -> dict[str, Any]:
        rows = _running().rows(key=self.session_key, at=timezone.now())
        if not rows:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(rows[0][0])
        return found
