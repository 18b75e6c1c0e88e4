from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """A cookie may hold any character; keys that the portal cannot have given are not looked for."""

    def __init__(self, session_key: str | None = None) -> None:
        possible = session_key and session_key.isascii() and session_key.isalnum()
        super().__init__(session_key if possible else None)
