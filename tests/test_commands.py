"""What a person meets who types a command, with real processes."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cbmportal.pages.management.commands import serve as serving
from cbmportal.postgres import PortalCannotStart

CHECKOUT = Path(__file__).resolve().parent.parent
CSRF = "a" * 32  # what a browser would keep as its cookie
UNREACHABLE = "postgresql://portal:the-secret@127.0.0.1:1/portal_data"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("the portal's é")
    yield folder
    remove = [sys.executable, "-m", "cbmportal.postgres", "--remove"]
    subprocess.run(remove, check=True, cwd=CHECKOUT, env={**os.environ, "PORTAL_DATA": str(folder)})


def manage(*arguments, data, **environment):
    """A command in a session of its own; its output and errors together, as at a terminal."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PORT")}
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env=inherited | {"PORTAL_DATA": str(data)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def assert_one_sentence(process, *parts):
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output.count("\n") == 1
    for part in parts:
        assert part in output
    return output


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def status(port, path="/health/live"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    except ConnectionError:
        return None
    finally:
        connection.close()


def serve(data, port):
    """The running server, once it says where it answers, and what it has said."""
    server = manage("serve", data=data, PORT=str(port), PORTAL_DEMO="1")
    said = []
    for line in server.stdout:
        said.append(line)
        if line == "Ctrl-C stops everything.\n":
            return server, "".join(said)
    pytest.fail("".join(said))


def eventually(condition):
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(PortalCannotStart, match="PORT must be a whole number from 1 to 65535") as refusal:
        serving.free_port(port)
    assert port in str(refusal.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_somebody_has_is_refused(host):
    with socket.create_server((host, 0)) as other, pytest.raises(PortalCannotStart, match="already in use"):
        serving.free_port(str(other.getsockname()[1]))


def test_a_busy_port_is_told_in_a_sentence(data):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        server = manage("serve", data=data, PORT=port, DATABASE_URL=UNREACHABLE)
        assert_one_sentence(server, f"Port {port} is already in use; choose another with PORT=8000 make run.")


def test_a_database_out_of_reach_is_named_without_its_password(data):
    process = manage("migrate", data=data, DATABASE_URL=UNREACHABLE)
    output = assert_one_sentence(process, "portal_data", "127.0.0.1:1", "Connection refused")
    assert "the-secret" not in output


def test_serve_answers_and_leaves_nothing_behind(data):
    port = free_port()
    server, said = serve(data, port)
    assert status(port) == 200
    assert f"http://localhost:{port}\n" in said
    assert "secretariat@example.org" in said
    ask_for_a_new_password(port, "delegate.chl@example.org")
    eventually(lambda: b"delegate.chl@example.org" in body_of(port, "/demo/outbox/"))

    # Killed, it cannot clean up: the web server ends by itself, and the next start takes over the database.
    server.kill()
    server.communicate(timeout=60)
    eventually(lambda: status(port) is None)

    server, _ = serve(data, port)
    assert status(port) == 200
    os.killpg(server.pid, signal.SIGINT)
    assert server.communicate(timeout=60)[0] == ""
    assert server.returncode == 0
    assert status(port) is None
    assert str(data) not in running_commands()
    assert f"--port {port}" not in running_commands()


def body_of(port, path, method="GET", body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path, body, {"Host": f"localhost:{port}", **headers})
    answer = connection.getresponse().read()
    connection.close()
    return answer


def ask_for_a_new_password(port, email):
    path = "/en/account/password/reset/"
    form = body_of(port, path, Cookie=f"csrftoken={CSRF}").decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
    typed = urlencode({"csrfmiddlewaretoken": token, "email": email})
    headers = {"Cookie": f"csrftoken={CSRF}", "Content-Type": "application/x-www-form-urlencoded"}
    body_of(port, path, "POST", typed, **headers)


def running_commands():
    return subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True).stdout
