"""What a measure cost: CPU of the load generator and of the target, and the target's memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

MEGABYTE = 1e6


@dataclass(slots=True)
class Shares:
    """Counts from its making; both shares are of one core."""

    target: Sequence[psutil.Process]
    began: float = field(default_factory=time.monotonic)
    own_s: float = field(default_factory=time.process_time)
    target_s: float = 0.0

    def __post_init__(self) -> None:
        """Take the target's time so far."""
        self.target_s = _cpu_s(self.target)

    def taken(self, speaker_s: float = 0.0) -> tuple[float, float]:
        """Return the shares of the load generator (with that of a speaker) and of the target."""
        wall_s = max(1e-9, time.monotonic() - self.began)
        own_s = time.process_time() - self.own_s + speaker_s
        return own_s / wall_s, (_cpu_s(self.target) - self.target_s) / wall_s


def _cpu_s(processes: Sequence[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total


def resident_mb(processes: Sequence[psutil.Process]) -> float:
    """Return what the processes have resident now."""
    return _status_mb(processes, "VmRSS")


def most_resident_mb(processes: Sequence[psutil.Process]) -> float:
    """Return the most that the processes ever had resident."""
    return _status_mb(processes, "VmHWM")


def _status_mb(processes: Sequence[psutil.Process], key: str) -> float:
    total = 0
    for process in processes:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            continue
        lines = (line.split() for line in status.splitlines() if line.startswith(f"{key}:"))
        total += sum(int(words[1]) for words in lines)
    return total * 1024 / MEGABYTE
