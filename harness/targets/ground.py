"""Where a target runs: in a sandbox, or, where there can be none, as any program of the user's."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from harness.targets import bytecode
from harness.targets.network import Network
from harness.targets.sandbox import Sandbox, why_not


class Child(Protocol):
    """A started program: what is used of ``subprocess.Popen``."""

    pid: int

    def poll(self) -> int | None:
        """Return its exit status; None while it runs."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""

    def wait(self) -> int:
        """Wait until it has ended; return its exit status."""


class Ground(Protocol):
    """Where a target runs. Use ``close`` on every path."""

    network: Network
    stopped: str | None

    def spawn(
        self, command: Sequence[str], cwd: Path, env: Mapping[str, str], streams: Sequence[int]
    ) -> Child:
        """Start a program with these three standard streams. Raises OSError if it cannot."""

    def open(self, path: Path) -> int:
        """Open a file of the target for reading. Raises OSError if it cannot."""

    def close(self) -> None:
        """Give everything back; what still runs in a sandbox is ended."""


class Outside:
    """No sandbox: programs run as the user, with the user's rights."""

    stopped: str | None = None

    def __init__(self) -> None:
        """Use the network of this machine."""
        self.network = Network()

    def spawn(
        self, command: Sequence[str], cwd: Path, env: Mapping[str, str], streams: Sequence[int]
    ) -> Child:
        """Start a program in a session of its own."""
        stdin, stdout, stderr = streams
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )

    def open(self, path: Path) -> int:
        """Open a file for reading."""
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def close(self) -> None:
        """Give back what is asked through; programs are ended by who started them."""
        self.network.close()


def prepare(folder: Path, also: Sequence[Path]) -> Ground:
    """Return a sandbox with a copy of this folder, in which ``also`` can be read; or none.

    Raises:
        CannotIsolate: there can be sandboxes here, but not this one.
    """
    if why_not():
        return Outside()
    bytecode.compile_reference()
    return Sandbox(folder, also)
