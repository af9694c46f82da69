"""Starts a command under the guard: in an empty folder, with an environment of our choice.

For whatever works for long and starts programs of others (a run, a bench). However the parent or
the command ends, the guard leaves none of its processes and no file behind.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

MEASURING = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")
"""Handed on, so that what a measured test starts of ours is measured too."""
GUARD_S = 5.0
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", *MEASURING)


@contextmanager
def workplace() -> Iterator[Path]:
    """Give a temporary folder, with an empty one in it."""
    folder = Path(tempfile.mkdtemp(prefix="chat-verify-run-"))
    (folder / "empty").mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def signals() -> Iterator[list[int]]:
    """Collect SIGINT and SIGTERM instead of dying of them."""
    caught: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        caught.append(number)

    before = {number: signal.signal(number, remember) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def start(command: list[str], workplace: Path, output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a command, with the guard between it and us; all that it prints goes to ``output``."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "harness.guard", *command],
        cwd=workplace / "empty",
        env=environment(workplace),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def environment(workplace: Path) -> dict[str, str]:
    """Return the environment of a guarded command: nothing of anybody's has a say in it."""
    env = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return env | {
        "CHAT_VERIFY_PARENT": str(os.getpid()),
        "CHAT_VERIFY_WORKPLACE": str(workplace),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "TMPDIR": str(workplace),
    }


def end(child: subprocess.Popen[bytes]) -> None:
    """End the guard, which ends everything else; kill it when it does not."""
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(GUARD_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
