"""The way to the mail server, and what its refusals mean."""

from smtplib import (
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from types import TracebackType
from typing import Any

from django.core.mail import EmailMessage, get_connection


class NotSent(Exception):
    """`code` is the server's answer, or the name of what happened; its words may hold addresses and are not kept."""

    def __init__(self, error: Exception) -> None:
        self.code = code_of(error)
        super().__init__(self.code)


class ServerAway(NotSent):
    """No e-mail can go now, whoever it is for."""


class Interrupted(NotSent):
    """The connection broke while this e-mail was on its way; whether it arrived nobody knows."""


class Refused(NotSent):
    """The server did not take this e-mail, for now."""


class RefusedForGood(Refused):
    """This address does not exist, or takes nothing from us."""


class Post:
    """One connection for many e-mails, made when the first goes and made anew after any trouble."""

    def __init__(self) -> None:
        self._connection: Any = None

    def __enter__(self) -> "Post":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, letter: EmailMessage) -> None:
        self._open()
        try:
            self._connection.send_messages([letter])
        except OSError as error:  # every SMTPException is one
            self.close()
            raise meaning_of(error) from error

    def _open(self) -> None:
        if self._connection is not None:
            return
        connection = get_connection()
        try:
            connection.open()
        except OSError as error:
            raise ServerAway(error) from error
        self._connection = connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def meaning_of(error: OSError) -> NotSent:
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return RefusedForGood(error) if min(codes) >= 500 else Refused(error)
    if isinstance(error, SMTPSenderRefused):
        return ServerAway(error)
    if isinstance(error, SMTPException) and not isinstance(error, SMTPServerDisconnected):
        return Refused(error)
    return Interrupted(error)


def code_of(error: Exception) -> str:
    if isinstance(error, SMTPRecipientsRefused):
        return str(min(code for code, _words in error.recipients.values()))
    if isinstance(error, SMTPResponseException):
        return str(error.smtp_code)
    return type(error).__name__
