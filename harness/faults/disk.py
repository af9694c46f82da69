"""A full disk, for the processes of one target alone.

RLIMIT_FSIZE of zero: whatever they write to any file fails with EFBIG, where a full disk says
ENOSPC (setrlimit(2), prlimit(2)). Terminals, pipes and sockets are no files in this sense. With the
error goes the signal SIGXFSZ, which a full disk does not send: a program that neither ignores nor
handles it dies of our method, and that says nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import psutil


@contextmanager
def full_disk(processes: Sequence[psutil.Process]) -> Iterator[None]:
    """Let these processes write to no file until the end of the block."""
    before = {process: process.rlimit(psutil.RLIMIT_FSIZE) for process in processes}
    try:
        for process, (_, hard) in before.items():
            process.rlimit(psutil.RLIMIT_FSIZE, (0, hard))
        yield
    finally:
        for process, limits in before.items():
            with suppress(psutil.NoSuchProcess):
                process.rlimit(psutil.RLIMIT_FSIZE, limits)
