"""How a process that holds the server meets requests to stop."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

ASKED_TO_STOP = (signal.SIGTERM, signal.SIGHUP)


def heed_requests_to_stop() -> None:
    """Let SIGTERM and a closed terminal end this process as Ctrl-C does: cleaning up behind itself."""
    for request in ASKED_TO_STOP:
        if signal.getsignal(request) is signal.SIG_DFL:
            signal.signal(request, signal.default_int_handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Cleaning up is not cut short by an impatient second Ctrl-C."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, *ASKED_TO_STOP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
