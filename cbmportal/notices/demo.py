"""The demonstration sends no e-mail: it keeps each as a file and shows it at /demo/outbox/."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage as Parsed
from email.policy import default
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import time_ns
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

SHOWN = 100


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            keep(message.message().as_bytes())
        return len(email_messages)


def keep(letter: bytes) -> None:
    """Written aside and then named, so that whoever lists the folder finds whole letters only."""
    folder = outbox()
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
        file.write(letter)
    Path(file.name).rename(folder / f"{time_ns():020}-{uuid4().hex}.eml")
    for old in kept()[SHOWN:]:
        old.unlink(missing_ok=True)


def outbox() -> Path:
    return Path(settings.DEMO_OUTBOX)


def kept() -> list[Path]:
    """The newest first."""
    return sorted(outbox().glob("*.eml"), reverse=True)


@dataclass(frozen=True)
class Kept:
    name: str
    subject: str
    to: str
    tag: str
    at: datetime
    text: str
    html: str

    @property
    def language(self) -> str:
        return self.tag[:2]


def read(path: Path) -> Kept | None:
    """None if somebody has just cleared it away."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    letter = message_from_bytes(content, Parsed, policy=default)
    return Kept(
        name=path.stem,
        subject=str(letter["Subject"]),
        to=str(letter["To"]),
        tag=str(letter.get("Content-Language", "en")),
        at=datetime.fromtimestamp(int(path.stem.partition("-")[0]) / 1e9, UTC),
        text=body(letter, "plain"),
        html=body(letter, "html"),
    )


def body(letter: Parsed, kind: str) -> str:
    part = letter.get_body((kind,))
    return str(part.get_content()) if part else ""


def letters() -> list[Kept]:
    return [letter for path in kept() if (letter := read(path))]


def letter_named(name: str) -> Kept | None:
    path = next((path for path in kept() if path.stem == name), None)
    return read(path) if path else None
