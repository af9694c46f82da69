"""A screen that nobody looks at: an X server for the time of a test."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 20.0


def is_missing() -> bool:
    """Whether there is no X server to be had."""
    return shutil.which("Xvfb") is None


@contextmanager
def display() -> Iterator[str]:
    """Start an X server on a free display; its name, such as `:1`."""
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1024x768x24", "-nolisten", "tcp"],
        pass_fds=[write_end],
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        assert select.select([read_end], [], [], PATIENCE_S)[0], "Xvfb does not come up"
        yield f":{os.read(read_end, 20).decode().strip()}"
    finally:
        server.terminate()
        server.wait()
        os.close(read_end)
