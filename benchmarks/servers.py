"""Servers to measure: the portal and the limit under granian alike, and the portal under gunicorn."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.db import connection

from benchmarks import processes
from benchmarks.database import address
from cbmportal.pages.management.commands.serve import FRUGAL, GRANIAN, SERVER, end_with_parent, stop

#: As the portal is served. Gunicorn's plain workers do not keep connections, those with threads do.
GUNICORN = ["-m", "gunicorn", "--log-level", "warning", "--worker-class", "gthread", "--keep-alive", "60"]
GUNICORN += ["--workers", GRANIAN[GRANIAN.index("--workers") + 1]]
GUNICORN += ["--threads", GRANIAN[GRANIAN.index("--blocking-threads") + 1]]
LIMIT = "benchmarks.limit:application"
#: What a portal needs for every answer to be made anew, and not from the bytes of an earlier one.
LIVE = {"API_CACHE_BYTES": "0"}
#: One caller asks more often here than any may in earnest.
UNTHROTTLED = dict.fromkeys(("API_RATE_TOKEN", "API_RATE_ADDRESS", "API_RATE_FILES"), "1000000000")


@dataclass(frozen=True)
class Server:
    name: str
    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        return processes.cpu_seconds(processes.family(self.process.pid))

    def memory(self) -> float:
        """Of the largest of its processes, which is a worker."""
        return max(processes.memory(pid) for pid in processes.family(self.process.pid))

    def get(self, path: str, headers: Mapping[str, str]) -> tuple[int, Any]:
        """Status and, of JSON, the content."""
        answer = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        try:
            answer.request("GET", path, headers={"Host": "localhost", **headers})
            response = answer.getresponse()
            body = response.read()
        finally:
            answer.close()
        is_json = response.headers.get_content_type() == "application/json"
        return response.status, orjson.loads(body) if is_json else body.decode()


@contextmanager
def serving(name: str, *command: str, **environment: str) -> Iterator[Server]:
    """A server for the time inside, on a free port of this machine, with the database that is in use."""
    port = _free_port()
    where = ["--bind", f"127.0.0.1:{port}"] if command[:2] == tuple(GUNICORN[:2]) else ["--port", str(port)]
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, command[0], command[1], *where, *command[2:]],
        cwd=settings.BASE_DIR,
        env={**FRUGAL, **os.environ, "DATABASE_URL": address(), **UNTHROTTLED, **environment},
        start_new_session=True,
        preexec_fn=end_with_parent(),
    )
    server = Server(name, port, process)
    try:
        _wait_for(server)
        yield server
    finally:
        stop(process)


@contextmanager
def portal(name: str = "portal", **environment: str) -> Iterator[Server]:
    with serving(name, *GRANIAN, SERVER, **environment) as server:
        yield server


@contextmanager
def limit() -> Iterator[Server]:
    with serving("limit", *GRANIAN, LIMIT) as server:
        yield server


@contextmanager
def portal_under_gunicorn(**environment: str) -> Iterator[Server]:
    with serving("gunicorn", *GUNICORN, SERVER, **environment) as server:
        yield server


class DatabaseClock:
    """CPU of the whole database server, if it runs on this machine: of all its processes, the ended ones too."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (backend,) = cursor.fetchone()
        self.postmaster = processes.parent(backend) if processes.is_here(backend, "postgres") else None

    def cpu_seconds(self) -> float:
        if self.postmaster is None:
            return float("nan")
        return processes.cpu_seconds(processes.family(self.postmaster))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert server.process.poll() is None, f"{server.name} has not started; its reason stands above"
        assert time.monotonic() < deadline, f"{server.name} does not answer"
        try:
            server.get("/health/live", {})
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        else:
            return
