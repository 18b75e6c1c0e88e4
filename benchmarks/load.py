"""The load: some connections that stay open, each asking again as soon as it is answered.

A process of its own, and light: it reads bytes, counts them, and looks at status and length only.

python -m benchmarks.load < order.json > result.json
"""

import json
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from selectors import EVENT_READ, DefaultSelector
from statistics import median
from typing import Any

CHUNK = 1 << 18


@dataclass(frozen=True)
class Order:
    port: int
    paths: list[str]
    headers: dict[str, str]
    seconds: float
    connections: int = 8
    status: int = 200
    #: Whether each path is first asked for once, and then only if it has changed.
    conditional: bool = False
    #: Asks so often at most; 0 is as often as the time allows.
    most: int = 0


@dataclass
class Result:
    answers: int = 0
    seconds: float = 0.0
    bytes: int = 0
    #: Of one answer, as a client waits for it.
    median_seconds: float = 0.0


@dataclass
class Connection:
    wire: socket.socket
    path: str = ""
    asked_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)

    def ask(self, path: str, request: bytes) -> None:
        self.path, self.asked_at = path, time.perf_counter()
        self.received.clear()
        self.wire.sendall(request)

    def read(self) -> bool:
        """Whether the answer is whole now."""
        data = self.wire.recv(CHUNK)
        assert data, f"the server has closed the connection at {self.path}"
        self.received += data
        return is_whole(self.received)


def is_whole(answer: bytearray) -> bool:
    body = answer.find(b"\r\n\r\n") + 4
    if body < 4:
        return False
    head = bytes(answer[:body]).lower()
    if head.startswith((b"http/1.1 304", b"http/1.1 204")):
        return True
    if b"\r\ntransfer-encoding: chunked" in head:
        # Nothing here is sent that could be taken for the last chunk: JSON and HTML have no such lines.
        return answer.endswith(b"\r\n0\r\n\r\n")
    return len(answer) - body >= int(header(head, "content-length"))


def header(head: bytes, name: str) -> str:
    _before, found, after = head.partition(f"\r\n{name}:".encode())
    assert found, f"the answer has no {name}"
    return after.split(b"\r\n", 1)[0].strip().decode()


def length(answer: bytearray) -> int:
    """Of the content, without the frames of chunks."""
    at = answer.find(b"\r\n\r\n") + 4
    if b"\r\ntransfer-encoding: chunked" not in bytes(answer[:at]).lower():
        return len(answer) - at
    total = 0
    while size := int(answer[at : (end := answer.index(b"\r\n", at))], 16):
        total, at = total + size, end + 2 + size + 2
    return total


class Load:
    def __init__(self, order: Order) -> None:
        self.order = order
        self.requests = {path: request(path, order.headers) for path in order.paths}
        self.lengths: dict[str, int] = {}
        self.waits: list[float] = []
        self.result = Result()
        self.turn = 0

    def run(self) -> Result:
        if self.order.conditional:
            self.requests = {path: self._if_changed(path) for path in self.order.paths}
        with DefaultSelector() as selector:
            begun = time.perf_counter()
            for _connection in range(self.order.connections):
                connection = Connection(connect(self.order.port))
                selector.register(connection.wire, EVENT_READ, connection)
                self._ask(connection)
            until = begun + self.order.seconds
            while selector.get_map():
                for key, _events in selector.select():
                    self._turn(key.data, selector, until)
            self.result.seconds = time.perf_counter() - begun
        self.result.median_seconds = median(self.waits)
        return self.result

    def _turn(self, connection: Connection, selector: DefaultSelector, until: float) -> None:
        if not connection.read():
            return
        now = time.perf_counter()
        self._count(connection, now)
        if now < until and (not self.order.most or self.turn < self.order.most):
            self._ask(connection)
        else:
            selector.unregister(connection.wire)
            connection.wire.close()

    def _ask(self, connection: Connection) -> None:
        path = self.order.paths[self.turn % len(self.order.paths)]
        self.turn += 1
        connection.ask(path, self.requests[path])

    def _count(self, connection: Connection, now: float) -> None:
        """Every answer of a path has the same length: nothing is written meanwhile."""
        answer, path = connection.received, connection.path
        status = int(answer[9:12])
        assert status == self.order.status, f"{path} answers {status}: {bytes(answer[:1000])!r}"
        size = 0 if status == 304 else length(answer)
        assert self.lengths.setdefault(path, size) == size, f"{path} is answered in different lengths"
        self.waits.append(now - connection.asked_at)
        self.result.answers += 1
        self.result.bytes += len(answer)

    def _if_changed(self, path: str) -> bytes:
        connection = Connection(connect(self.order.port))
        connection.ask(path, self.requests[path])
        while not connection.read():
            pass
        connection.wire.close()
        head = bytes(connection.received).partition(b"\r\n\r\n")[0]
        tag = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"etag:"))
        known = {"If-None-Match": tag.partition(b":")[2].strip().decode()}
        return request(path, {**self.order.headers, **known})


def connect(port: int) -> socket.socket:
    wire = socket.create_connection(("127.0.0.1", port), timeout=600)
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return wire


def request(path: str, headers: dict[str, str]) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: localhost",
        *(f"{name}: {text}" for name, text in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def main() -> None:
    order: dict[str, Any] = json.load(sys.stdin)
    json.dump(asdict(Load(Order(**order)).run()), sys.stdout)


if __name__ == "__main__":
    main()
