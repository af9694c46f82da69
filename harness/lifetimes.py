"""Nothing that we start outlives us.

Orphans of what we started come back to us (``PR_SET_CHILD_SUBREAPER``, prctl(2)), also daemons
with a session and a name of their own, so that everything is found among our descendants. The
guard at the root of them all (``harness/guard.py``) is told by the kernel when its parent dies
(``PR_SET_PDEATHSIG``). The processes of one launch carry a mark in their environment.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import time

import psutil

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)

MARK = "CHAT_VERIFY_LAUNCH"
"""The environment variable that marks the processes of one launch."""


def die_with_parent(sig: int) -> None:
    """Ask the kernel to send ``sig`` to this process when the thread that started it ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, int(sig), 0, 0, 0)


def raise_descriptor_limit() -> None:
    """Take as many descriptors as the system gives: each virtual client is one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants(pid: int | None = None) -> list[psutil.Process]:
    """Return the living descendants of a process (default: this one), nearest first."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def launched(mark: str) -> list[psutil.Process]:
    """Return those of our descendants that carry the mark of a launch."""
    return [process for process in descendants() if _mark_of(process) == mark]


def _mark_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK)
    except (psutil.Error, OSError):
        return None


def end_descendants(within_s: float = 2.0) -> int:
    """Kill all our descendants, and theirs, until none is left; return how many remain."""
    end = time.monotonic() + within_s
    while (alive := descendants()) and time.monotonic() < end:
        kill(alive)
        reap(alive)
    return len(alive)


def kill(processes: list[psutil.Process]) -> None:
    """Kill these; all are stopped before the first is killed, so that none starts another."""
    for sig in (signal.SIGSTOP, signal.SIGKILL):
        for process in processes:
            try:
                process.send_signal(sig)
            except psutil.Error:
                continue


def reap(killed: list[psutil.Process]) -> None:
    """Collect the status of those killed that are our children, so that no zombie stays."""
    for process in killed:
        try:
            os.waitpid(process.pid, 0)
        except ChildProcessError:
            continue
