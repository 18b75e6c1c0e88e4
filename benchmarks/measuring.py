"""One round of load on a server: what it answered, and what that cost application and database."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from benchmarks.load import Order, Result
from benchmarks.servers import DatabaseClock, Server


@dataclass(frozen=True)
class Round:
    result: Result
    application_seconds: float
    database_seconds: float

    @property
    def rate(self) -> float:
        return self.result.answers / self.result.seconds

    @property
    def application(self) -> float:
        """Milliseconds of CPU for one answer."""
        return self.application_seconds / self.result.answers * 1000

    @property
    def database(self) -> float:
        return self.database_seconds / self.result.answers * 1000

    @property
    def cost(self) -> float:
        """Milliseconds of CPU for one answer, or of waiting where the database's CPU cannot be seen."""
        both = self.application + self.database
        return both if both == both else self.result.median_seconds * 1000


def measure(server: Server, clock: DatabaseClock, paths: list[str], **order: Any) -> Round:
    before = server.cpu_seconds(), clock.cpu_seconds()
    result = load(server, paths, **order)
    after = server.cpu_seconds(), clock.cpu_seconds()
    return Round(result, after[0] - before[0], after[1] - before[1])


def load(server: Server, paths: list[str], **order: Any) -> Result:
    """In a process of its own, which this one only waits for."""
    with start_load(server, paths, **order) as process:
        written, _errors = process.communicate()
    assert process.returncode == 0, f"{server.name} did not answer as it should; the reason stands above"
    return Result(**json.loads(written))


def start_load(server: Server, paths: list[str], **order: Any) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(Order(port=server.port, paths=paths, **order))).encode())
    process.stdin.close()
    process.stdin = None
    return process
