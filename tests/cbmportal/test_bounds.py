"""What a process of its own may use at most."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process")


def run(line: str) -> int:
    code = f"from cbmportal.bounds import bound\n{line}"
    return subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL, timeout=60).returncode


def test_more_memory_is_not_to_be_had() -> None:
    assert run("bound(memory=2**30); bytearray(2**29)") == 0
    assert run("bound(memory=2**30); bytearray(2**30)") == 1


def test_a_process_that_works_on_is_ended() -> None:
    assert run("bound(memory=2**30, seconds=1)\nwhile True: pass") < 0
