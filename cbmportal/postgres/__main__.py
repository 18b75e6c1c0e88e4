"""Run a command with the embedded server up, or remove the server and its data.

python -m cbmportal.postgres -- COMMAND [ARGUMENT ...]
python -m cbmportal.postgres --remove
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

from . import PortalCannotStart, hold, remove
from .signals import ASKED_TO_STOP, heed_requests_to_stop


def run(command: Sequence[str]) -> int:
    """Run a command and give its exit code; requests to stop are passed on, and its own end is awaited."""
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def pass_on(number: int, _frame: FrameType | None = None) -> None:
        if child is None:
            early.append(number)
        # At a terminal Ctrl-C reaches the command by itself; twice would make it hurry.
        elif number != signal.SIGINT or not os.isatty(0):
            child.send_signal(number)

    for request in (signal.SIGINT, *ASKED_TO_STOP):
        signal.signal(request, pass_on)
    try:
        child = subprocess.Popen(command)  # noqa: S603 - what the caller asked for
    except OSError as error:
        raise PortalCannotStart(f"{command[0]} cannot be run: {error.strerror}.") from error
    for number in early:
        pass_on(number)
    code = child.wait()
    return code if code >= 0 else 128 - code


def main(arguments: Sequence[str]) -> int:
    heed_requests_to_stop()
    match arguments:
        case ["--", _, *_]:
            with hold():
                return run(arguments[1:])
        case ["--remove"]:
            remove()
            return 0
        case _:
            raise PortalCannotStart(str(__doc__).strip())


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except PortalCannotStart as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit(130)
