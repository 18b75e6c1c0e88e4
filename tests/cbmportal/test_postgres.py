"""The embedded PostgreSQL, with real servers, processes and signals."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from cbmportal import postgres
from cbmportal.postgres.folders import CHECKOUT, cluster_name
from cbmportal.postgres.programs import POSTGRES, WHEEL
from cbmportal.postgres.server import Server

SUPERVISOR = [sys.executable, "-m", "cbmportal.postgres"]
HOLDER = """
import sys
from cbmportal import postgres
with postgres.hold():
    print("up", flush=True)
    sys.stdin.read()
"""
ORDINARY_USER = """
import os, sys, pwd, psycopg2
sys.path.insert(0, sys.argv[1])
from cbmportal import postgres
if os.geteuid() == 0:
    user = pwd.getpwnam("nobody")
    os.setgroups([]), os.setgid(user.pw_gid), os.setuid(user.pw_uid)
try:
    with postgres.hold():
        entry = postgres.embedded_database()
        address = {"host": entry["HOST"], "port": entry["PORT"], "user": entry["USER"]}
        connection = psycopg2.connect(**address, dbname=entry["NAME"])
        cursor = connection.cursor()
        cursor.execute("SHOW data_directory")
        print(*cursor.fetchone())
    postgres.remove()
except postgres.PortalCannotStart as reason:
    sys.exit(str(reason))
"""


def remove(data):
    subprocess.run(
        [*SUPERVISOR, "--remove"], check=True, cwd=CHECKOUT, env={**os.environ, "PORTAL_DATA": str(data)}
    )


@pytest.fixture(scope="module")
def shared_data(tmp_path_factory):
    """In a place that is hard to quote."""
    data = tmp_path_factory.mktemp("a folder's é")
    yield data
    remove(data)


@pytest.fixture(autouse=True)
def data(shared_data, monkeypatch):
    monkeypatch.setenv("PORTAL_DATA", str(shared_data))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(CHECKOUT)
    return shared_data


@pytest.fixture
def own_data(data, tmp_path, monkeypatch):
    """For a test that needs an untouched folder, or leaves a damaged one."""
    own = tmp_path / "data"
    monkeypatch.setenv("PORTAL_DATA", str(own))
    yield own
    remove(own)


def query(statement):
    entry = postgres.embedded_database()
    address = {"host": entry["HOST"], "port": entry["PORT"], "user": entry["USER"], "dbname": entry["NAME"]}
    with closing(psycopg2.connect(**address)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def is_up():
    try:
        return query("SELECT 1") == (1,)
    except psycopg2.OperationalError:
        return False


def server_process():
    return int((Server.of_checkout().cluster / "postmaster.pid").read_text().split()[0])


def start_holder():
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(holder):
    assert holder.stdout.readline() == "up\n"


def end(holder):
    holder.communicate(timeout=30)
    assert holder.returncode == 0


def eventually(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def supervise(*arguments, **options):
    return subprocess.run([*SUPERVISOR, *arguments], capture_output=True, text=True, check=False, **options)


def assert_one_sentence(result, *parts):
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    for part in parts:
        assert part in result.stderr


def test_the_server_is_up_while_held_and_holds_nest():
    with postgres.hold():
        with postgres.hold():
            assert is_up()
        assert is_up()
    assert not is_up()


def test_the_database_sorts_by_code_point_in_utf_8_and_tells_time_in_utc():
    with postgres.hold():
        assert query(
            "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale, current_setting('TimeZone')"
            " FROM pg_database WHERE datname = current_database()"
        ) == ("UTF8", "b", "C.UTF-8", "UTC")


def test_only_a_short_private_socket_leads_to_the_server():
    folder = Path(postgres.embedded_database()["HOST"])
    with postgres.hold():
        assert query("SHOW listen_addresses") == ("",)
        assert folder.stat().st_mode & 0o077 == 0
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) < 100


def test_holders_that_start_at_once_share_a_server_and_the_last_stops_it(own_data):
    holders = [start_holder() for _ in range(4)]
    for holder in holders:
        wait_for(holder)
    *others, last = holders
    for holder in others:
        end(holder)
    assert is_up()
    end(last)
    assert not is_up()


def test_after_a_crash_the_server_starts_again_with_its_data():
    with postgres.hold():
        query("CREATE TABLE kept (value int); INSERT INTO kept VALUES (7) RETURNING value")
        query("CHECKPOINT; SELECT 1")
        os.kill(server_process(), signal.SIGKILL)
        eventually(lambda: not is_up())
        with postgres.hold():
            assert query("SELECT value FROM kept") == (7,)


def test_a_server_left_behind_is_used_again_and_stopped_in_the_end():
    holder = start_holder()
    wait_for(holder)
    process = server_process()
    os.killpg(holder.pid, signal.SIGKILL)
    holder.communicate(timeout=30)
    assert is_up()
    with postgres.hold():
        assert server_process() == process
    assert not is_up()


def test_a_stale_note_of_another_process_harms_neither():
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (Server.of_checkout().cluster / "postmaster.pid").write_text(f"{stranger.pid}\n")
        with postgres.hold():
            assert is_up()
        assert stranger.poll() is None
        stranger.kill()


def test_ctrl_c_ends_the_command_and_then_the_server():
    command = [*SUPERVISOR, "--", sys.executable, "-c", HOLDER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    supervisor = subprocess.Popen(command, **pipes, start_new_session=True)
    wait_for(supervisor)
    os.killpg(supervisor.pid, signal.SIGINT)
    supervisor.communicate(timeout=30)
    assert supervisor.returncode == 130
    assert not is_up()


def test_a_request_to_stop_is_passed_on_and_awaited():
    script = "trap 'echo stopped; exit 5' TERM; echo up; while :; do sleep 0.05; done"
    supervisor = subprocess.Popen([*SUPERVISOR, "--", "sh", "-c", script], stdout=subprocess.PIPE, text=True)
    wait_for(supervisor)
    supervisor.terminate()
    assert supervisor.communicate(timeout=30)[0] == "stopped\n"
    assert supervisor.returncode == 5
    assert not is_up()


def test_nothing_is_started_where_another_server_is_named(own_data, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://example.org/portal")
    assert supervise("--", "sh", "-c", "exit 7").returncode == 7
    assert not own_data.exists()


def test_a_data_folder_that_cannot_be_is_told_in_a_sentence(own_data):
    own_data.touch()
    assert_one_sentence(supervise("--", "true"), str(own_data), "File exists")
    own_data.unlink()


def test_a_server_that_cannot_start_shows_the_end_of_its_log(own_data):
    with postgres.hold():
        pass
    control = Server.of_checkout().cluster / "global" / "pg_control"
    control.unlink()
    result = supervise("--", "true")
    assert result.returncode == 1
    assert "pg_control" in result.stderr
    assert "Traceback" not in result.stderr


def test_data_in_use_is_not_removed():
    with postgres.hold():
        assert_one_sentence(supervise("--remove"), "in use")
        assert is_up()


def test_a_moved_folder_keeps_its_cluster_a_copy_and_a_successor_do_not(tmp_path):
    old, new, copy = (tmp_path / name for name in ("old", "new", "copy"))
    old.mkdir()
    name = cluster_name(old)
    shutil.copytree(old, copy)
    name_of_copy = cluster_name(copy)
    old.rename(new)
    old.mkdir()
    assert (cluster_name(new), cluster_name(copy)) == (name, name_of_copy)
    assert len({name, name_of_copy, cluster_name(old)}) == 3


@pytest.fixture(scope="module")
def packages():
    """A copy of the programs where an ordinary user can run them, as in that user's own checkout."""
    folder = Path(tempfile.mkdtemp(prefix="a user's é ", dir="/tmp"))
    folder.chmod(0o755)
    installed = Path(psycopg2.__file__).parents[1]
    for part in (f"{WHEEL}.libs", f"{WHEEL}/{POSTGRES}"):
        shutil.copytree(installed / part, folder / part, ignore=shutil.ignore_patterns("include", "*.a"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def ordinary_home(packages):
    home = packages / "home"
    home.mkdir()
    if os.geteuid() == 0:
        os.chown(home, pwd.getpwnam("nobody").pw_uid, -1)
    yield home
    shutil.rmtree(home)


def run_as_ordinary_user(packages, data):
    environment = {**os.environ, "PORTAL_DATA": str(data)}
    command = [sys.executable, "-c", ORDINARY_USER, str(packages)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_an_ordinary_user_keeps_everything_in_the_data_folder(packages, ordinary_home):
    data = ordinary_home / "data"
    result = run_as_ordinary_user(packages, data)
    assert (result.stdout, result.stderr) == (f"{data / 'postgres'}\n", "")
    assert not (data / "postgres").exists()


def test_an_ordinary_user_learns_of_a_closed_folder_in_a_sentence(packages, ordinary_home):
    ordinary_home.chmod(0o555)
    data = ordinary_home / "data"
    assert_one_sentence(run_as_ordinary_user(packages, data), str(data), "Permission denied")


def test_an_ordinary_user_refuses_a_socket_folder_open_to_others(packages, ordinary_home):
    user = ordinary_home.stat().st_uid
    folder = Path(f"/tmp/cbmportal-{user}-{cluster_name(ordinary_home)}")
    for path in ordinary_home.iterdir():
        os.chown(path, user, -1)
    folder.mkdir()
    folder.chmod(0o777)
    result = run_as_ordinary_user(packages, ordinary_home)
    folder.rmdir()
    assert_one_sentence(result, str(folder), "belongs to you alone")
