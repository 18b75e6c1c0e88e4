"""What Linux tells of processes: who belongs to whom, CPU spent, memory held."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    found = [pid]
    for parent in found:
        found += _children(parent)
    return found


def cpu_seconds(pids: list[int]) -> float:
    """Spent by these and by the children they have seen end; zero for those that are gone."""
    return sum(sum(map(int, _stat(pid)[11:15])) for pid in pids) / TICKS


def memory(pid: int) -> float:
    """Megabytes held, of what is shared with others its share only."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def parent(pid: int) -> int:
    return int(_stat(pid)[1])


def is_here(pid: int, name: str) -> bool:
    """Whether a process of this machine has that number and that name."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().startswith(name)
    except FileNotFoundError:
        return False


def _children(pid: int) -> list[int]:
    try:
        tasks = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(child) for task in tasks for child in task.split()]


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold anything: state, parent and so on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["0"] * 20
