"""What the kernel says of a target's processes, all together. Facts only: scenarios judge."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Health:
    """A process tree at one moment.

    ``cpu_s`` is what it has used since it began, user and system, also through processes that have
    ended and were waited for. ``resident_bytes`` counts what processes share once for each.
    """

    threads: int = 0
    descriptors: int = 0
    resident_bytes: int = 0
    cpu_s: float = 0.0

    def __add__(self, other: Health) -> Health:
        return Health(
            self.threads + other.threads,
            self.descriptors + other.descriptors,
            self.resident_bytes + other.resident_bytes,
            self.cpu_s + other.cpu_s,
        )


def examine(processes: Iterable[psutil.Process]) -> Health:
    """Return the sum over these processes; one that has ended counts for nothing."""
    return sum(map(_examine, processes), start=Health())


def _examine(process: psutil.Process) -> Health:
    try:
        with process.oneshot():
            return Health(
                process.num_threads(),
                process.num_fds(),
                process.memory_info().rss,
                sum(process.cpu_times()[:4]),
            )
    except psutil.Error:
        return Health()


def waited_for_a_core_s(pids: Iterable[int]) -> float:
    """Return how long all threads of these have waited for a core so far, together.

    From /proc/PID/task/TID/schedstat, in nanoseconds there. All threads, because one that waits for
    a core may hold a lock that another waits for. Whoever has ended has waited for nothing.
    """
    return _waited_s(pids, "*")


def main_threads_waited_for_a_core_s(pids: Iterable[int]) -> float:
    """Return the same for the first thread of each alone."""
    return sum(_waited_s([pid], str(pid)) for pid in pids)


def _waited_s(pids: Iterable[int], threads: str) -> float:
    waited_ns = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob(f"{threads}/schedstat"):
            with suppress(OSError):
                waited_ns += int(task.read_text().split()[1])
    return waited_ns / 1e9


def wants_a_core(process: psutil.Process) -> bool:
    """Whether a thread runs, or would run if a core were free."""
    return "R" in _states_of_threads(process)


def is_frozen(process: psutil.Process) -> bool:
    """Whether every thread has stopped: a signal takes a moment to reach one that runs."""
    return all(state == "T" for state in _states_of_threads(process))


def _states_of_threads(process: psutil.Process) -> list[str]:
    """Return the state of each thread, as in proc(5); of a process that has ended nothing."""
    tasks = Path(f"/proc/{process.pid}/task").glob("*/stat")
    try:
        return [task.read_text().rpartition(") ")[2][0] for task in tasks]
    except OSError:  # a thread has ended meanwhile
        return _states_of_threads(process) if process.is_running() else []
