"""A small mail server on this machine that refuses as it is told to, and keeps what it has taken."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

HANG_UP = "hang up"


class MailServer(socketserver.ThreadingTCPServer):
    """`answers` maps a step (GREETING, MAIL, RCPT, DATA) or an address to a code, or to HANG_UP."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Talk)
        self.answers: dict[str, Any] = {}
        self.taken: list[EmailMessage] = []
        self.connections = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, step: str, usual: int) -> bool:
        """Answers; False if the talk is over."""
        code = self.server.answers.get(step, usual)
        if code != HANG_UP:
            self.wfile.write(f"{code} as you like\r\n".encode())
        return code not in (HANG_UP, 421)

    def handle(self) -> None:
        self.server.connections += 1
        going_on = self.say("GREETING", 220)
        while going_on and (line := self.rfile.readline()):
            going_on = self.answer(line.decode().strip())

    def answer(self, line: str) -> bool:
        verb = line[:4].upper()
        if verb == "RCPT":
            address = line.partition("<")[2].partition(">")[0]
            return self.say(address if address in self.server.answers else "RCPT", 250)
        if verb == "DATA":
            self.wfile.write(b"354 go on\r\n")
            return self.take()
        return self.say(verb, 221 if verb == "QUIT" else 250) and verb != "QUIT"

    def take(self) -> bool:
        """Hanging up here comes after the letter was taken: only its sender does not know."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if self.server.answers.get("DATA", 250) in (250, HANG_UP):
            self.server.taken.append(message_from_bytes(b"".join(lines), EmailMessage, policy=default))
        return self.say("DATA", 250)


@contextmanager
def running(port: int = 0) -> Iterator[MailServer]:
    with MailServer(port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
