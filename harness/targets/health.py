"""What the kernel says of a target's processes, all together. Facts only: scenarios judge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
