"""What a process of its own may use at most: it reads or sets what somebody else wrote."""

import sys


def bound(*, memory: int, seconds: int | None = None) -> None:
    """Bytes of memory and seconds of work, for as long as this process lives; whoever started it may be gone."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        if seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
