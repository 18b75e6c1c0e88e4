"""``manage.py serve``: prepare what a checkout needs and serve the portal on this machine."""

import ctypes
import errno
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from cbmportal.catalogues import stale_catalogues
from cbmportal.postgres import PortalCannotStart
from cbmportal.postgres.signals import undisturbed

PR_SET_PDEATHSIG = 1  # of prctl(2)
SERVER = "cbmportal.wsgi:application"
GRANIAN = ["-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"]
GRANIAN += ["--workers-kill-timeout", "3"]  # a worker that is asked to stop while it starts never does
GRANIAN += ["--workers", "2", "--blocking-threads", "3"]  # so at most six connections to the database

# Of glibc: what a large answer needed goes back to the system, whatever the machine's defaults for threads.
FRUGAL = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}


class Command(BaseCommand):
    help = "Prepare the database and the files, and serve the portal on http://localhost:$PORT (8000)."

    def handle(self, *args: Any, **options: Any) -> None:
        port = free_port(os.environ.get("PORT") or "8000")
        self.prepare()
        with suppress(KeyboardInterrupt), child(*GRANIAN, "--port", str(port), SERVER) as server:
            wait_until_ready(server, port)
            with child("manage.py", "tick", "--every", "1"):
                self.welcome(port)
                server.wait()
            raise PortalCannotStart(
                f"The web server has ended by itself, with exit code {server.returncode}."
            )

    def prepare(self) -> None:
        """Each step does nothing, quickly, where nothing has changed."""
        if stale_catalogues():
            self.say("Compiling the translations …")
            call_command("catalogues", "compile", verbosity=0)
        collect_static_files(self.say)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Preparing the database …")
            call_command("migrate", verbosity=0, interactive=False)
        self.say("Loading the reference data …")
        call_command("load_reference_data", verbosity=0)
        if settings.PORTAL_DEMO:
            call_command("load_demo_data", verbosity=0)
        connection.close()

    def welcome(self, port: int) -> None:
        # By name: browsers allow passkeys on localhost, but on no other address without HTTPS.
        self.say(f"\nThe portal answers on http://localhost:{port}")
        if settings.PORTAL_DEMO:
            from cbmportal.pages.demo import LOGINS, PASSWORD

            self.say(f"\nDemonstration logins, all with the password {PASSWORD}:")
            width = max(len(email) for email, _ in LOGINS)
            for email, description in LOGINS:
                self.say(f"  {email:{width}}  {description}")
        self.say("\nCtrl-C stops everything.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()  # also into a pipe at once


def free_port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise PortalCannotStart(f"PORT must be a whole number from 1 to 65535, not {text!r}.")
    port = int(text)
    # Browsers may look for localhost at either address.
    refusals = {bind_error(socket.AF_INET, "127.0.0.1", port), bind_error(socket.AF_INET6, "::1", port)}
    advice = f"choose another with PORT={8001 if port == 8000 else 8000} make run"
    if errno.EADDRINUSE in refusals:
        raise PortalCannotStart(f"Port {port} is already in use; {advice}.")
    if errno.EACCES in refusals:
        raise PortalCannotStart(f"Port {port} is reserved for the system; {advice}.")
    return port


def bind_error(family: socket.AddressFamily, host: str, port: int) -> int | None:
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return error.errno
    return None


def static_fingerprint() -> str:
    """Changes when a static file or the way of storing them does."""
    digest = hashlib.sha256(repr(settings.STORAGES).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path)).stat()
            digest.update(f"{path} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static_files(say: Callable[[str], None]) -> None:
    folder = Path(settings.STATIC_ROOT)
    note = folder.with_name(f"{folder.name}.fingerprint")
    fingerprint = static_fingerprint()
    if not folder.exists() or not note.exists() or note.read_text() != fingerprint:
        say("Collecting the static files …")
        # Redoc breaks under our content security policy, and takes seconds to compress.
        call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["redoc"])
        note.write_text(fingerprint)


@contextmanager
def child(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a session of its own, so that it and its workers are stopped together, by us."""
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={**FRUGAL, **os.environ},
        start_new_session=True,
        preexec_fn=end_with_parent(),
    )
    try:
        yield process
    finally:
        with undisturbed():
            stop(process)


def end_with_parent() -> Callable[[], None] | None:
    """Makes Linux stop a child should this process be killed without a chance to do so."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # found before the fork: little is safe after it
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(process: subprocess.Popen[bytes]) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.terminate()
        process.wait(timeout=10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 60
    while not is_live(port):
        if server.poll() is not None:
            raise PortalCannotStart("The web server has not started; its reason stands above.")
        if time.monotonic() > deadline:
            raise PortalCannotStart("The web server has started but the portal does not answer.")
        time.sleep(0.05)


def is_live(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/live", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
