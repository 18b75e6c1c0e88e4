"""One checkout's server: made, started, reused and stopped."""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from .folders import (
    SYSTEM,
    PortalCannotStart,
    cluster_name,
    data_folder,
    locked,
    make_private,
    make_public,
    open_lock,
    take,
)
from .programs import find_programs, start_as_owner

NAME = "cbmportal"  # of the database and of its owner
PORT = "5432"  # no TCP port is opened: it is a part of the socket's file name
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "synchronous_commit": "off",  # a power cut may cost the last moment, never the consistency
    "timezone": "UTC",
    "log_timezone": "UTC",
}
PATIENCE = {signal.SIGINT: 30, signal.SIGQUIT: 3, signal.SIGKILL: 5}  # stop in order, at once, by force

# Kept so that the interpreter does not complain of a server that outlives this process.
_started: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Server:
    home: Path
    """Holds the cluster, the locks and the log."""
    socket: Path
    """The socket's folder. Whoever can enter it is let in as the database's owner, so nobody else can."""

    @classmethod
    def of_checkout(cls) -> "Server":
        data = data_folder()
        name = cluster_name(data)
        if os.geteuid() == 0:
            home = SYSTEM / "clusters" / name
            return cls(home, home / "socket")
        # A socket's path is limited to about 100 bytes, and $TMPDIR need not be the same for all processes.
        return cls(data, Path(f"/tmp/{NAME}-{os.geteuid()}-{name}"))  # noqa: S108 - see make_private

    @property
    def cluster(self) -> Path:
        return self.home / "postgres"

    def join(self) -> int:
        """Become a holder of the server, which is brought up if need be; gives the lock that says so."""
        make_public(self.home)
        with locked(self.home / "start.lock"):
            users = open_lock(self.home / "users.lock")
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                self._bring_up()
            except BaseException:
                self._leave(users)
                raise
        return users

    def leave(self, users: int) -> None:
        """Stop being a holder; the last one stops the server."""
        with suppress(FileNotFoundError), locked(self.home / "start.lock"):
            self._leave(users)

    def remove(self) -> None:
        with locked(self.home / "start.lock"):
            users = open_lock(self.home / "users.lock")
            if not take(users):
                raise PortalCannotStart("The embedded database is in use; stop the portal first.")
            self._stop()
            os.close(users)
            shutil.rmtree(self.socket, ignore_errors=True)
            shutil.rmtree(self.home if self.home.is_relative_to(SYSTEM) else self.cluster, ignore_errors=True)

    def _leave(self, users: int) -> None:
        if take(users):
            self._stop()
        os.close(users)

    def _bring_up(self) -> None:
        """Start the server, unless one left behind still answers, and make our database."""
        programs = find_programs()
        if not self._answers(programs, patience=5):
            self._stop(signal.SIGQUIT, signal.SIGKILL)
            make_private(self.socket)
            if not self.cluster.exists():
                self._initialise(programs)
            self._start(programs)
            if not self._answers(programs, patience=60):
                raise PortalCannotStart(f"The embedded database does not start:\n{self._end_of_log()}")
        self._create_database()

    def _initialise(self, programs: Path) -> None:
        aside = self.home / "postgres.new"  # so that half a cluster is never taken for a whole one
        shutil.rmtree(aside, ignore_errors=True)
        make_private(aside)
        command = [str(programs / "initdb"), "--pgdata", str(aside), "--username", NAME, "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        with self._fresh_log() as log:
            code = start_as_owner(command, stdout=log, stderr=log).wait()
        if code:
            raise PortalCannotStart(f"The embedded database cannot be created:\n{self._end_of_log()}")
        aside.rename(self.cluster)

    def _start(self, programs: Path) -> None:
        for stale in (self.cluster / "postmaster.pid", self.socket / f".s.PGSQL.{PORT}.lock"):
            stale.unlink(missing_ok=True)  # or any process that now has the number is taken for a server
        command = [str(programs / "postgres"), "-D", str(self.cluster)]
        for name, value in {**SETTINGS, "unix_socket_directories": self.socket}.items():
            command += ["-c", f"{name}={value}"]
        running = open_lock(self.home / "server.lock")
        take(running)
        with self._fresh_log() as log:
            # A session of its own: Ctrl-C in the terminal must not reach it before its holders are done.
            server = start_as_owner(
                command, stdout=log, stderr=log, pass_fds=[running], start_new_session=True
            )
        _started.append(server)
        os.close(running)

    def _stop(self, *requests: signal.Signals) -> None:
        for request in requests or PATIENCE:
            if self._runs():
                self._ask(request)
                _wait_until(lambda: not self._runs(), PATIENCE[request])
        if self._runs():
            raise PortalCannotStart("The embedded database does not stop.")
        for server in _started:
            server.poll()  # or it stays in the list of processes

    def _ask(self, request: signal.Signals) -> None:
        with suppress(FileNotFoundError, ValueError, ProcessLookupError):
            first_line, *_ = (self.cluster / "postmaster.pid").read_text().splitlines()
            os.kill(int(first_line), request)

    def _runs(self) -> bool:
        """All processes of the server inherit a lock: when it can be taken, there are none."""
        lock = open_lock(self.home / "server.lock")
        try:
            return not take(lock)
        finally:
            os.close(lock)

    def _answers(self, programs: Path, patience: float) -> bool:
        question = [
            str(programs / "pg_isready"),
            "--quiet",
            "--timeout=3",
            f"--host={self.socket}",
            "-p",
            PORT,
        ]
        is_ready = partial(subprocess.call, question)
        return _wait_until(lambda: not self._runs() or is_ready() == 0, patience) and self._runs()

    def _create_database(self) -> None:
        import psycopg2  # not at the top: the rest works before anything is installed

        connection = psycopg2.connect(host=str(self.socket), port=PORT, user=NAME, dbname="postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [NAME])
                if not cursor.rowcount:
                    cursor.execute(f"CREATE DATABASE {NAME}")
        except psycopg2.Error as error:
            raise PortalCannotStart(f"The embedded database cannot be created: {error}") from error
        finally:
            connection.close()

    @property
    def _log(self) -> Path:
        return self.home / "postgres.log"

    def _fresh_log(self) -> IO[bytes]:
        self._log.touch(mode=0o600)  # it quotes statements, and with them personal data
        return self._log.open("wb")

    def _end_of_log(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-10:])


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return met
