"""What the kernel says of a target's processes, all together. Facts only: scenarios judge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Health:
    """A process tree at one moment.

    ``cpu_s`` is what it has used since it began, user and system, also through processes that have
    ended and were waited for; ``waited_s`` is how long its living threads were ready to run and
    had no core (schedstat in proc(5); 0 where the kernel does not count it). ``resident_bytes``
    counts what processes share once for each.
    """

    threads: int = 0
    descriptors: int = 0
    resident_bytes: int = 0
    cpu_s: float = 0.0
    waited_s: float = 0.0

    def __add__(self, other: Health) -> Health:
        return Health(
            self.threads + other.threads,
            self.descriptors + other.descriptors,
            self.resident_bytes + other.resident_bytes,
            self.cpu_s + other.cpu_s,
            self.waited_s + other.waited_s,
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
                sum(map(_waited_s, Path(f"/proc/{process.pid}/task").iterdir())),
            )
    except (psutil.Error, FileNotFoundError):
        return Health()


def _waited_s(thread: Path) -> float:
    try:
        return int((thread / "schedstat").read_text().split()[1]) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
