"""One started target: its processes, its output, its end.

The output goes to a pseudo-terminal, because ``print`` to a pipe is block-buffered and would hide
what a person sees at once. Input stays open after it was fed: end of file kills consoles.
"""

from __future__ import annotations

import os
import pty
import re
import selectors
import signal
import tty
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import psutil

from harness import lifetimes
from harness.deadline import Deadline
from harness.history import History
from harness.targets.ground import Ground
from harness.targets.health import is_frozen

KEPT_BYTES = 1 << 18
"""How much of the output is kept: its end; and its beginning, in the history."""
READ_BYTES = 65_536
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


class Reactor(Protocol):
    """What a process needs of the reactor."""

    def watch(self, descriptor: int, events: int, handler: Callable[[int], None]) -> None:
        """Call the handler when the descriptor is ready."""

    def forget(self, descriptor: int) -> None:
        """Stop watching."""

    def turn(self, most_s: float) -> None:
        """Handle all that is ready or due."""

    def pump(self, until: Callable[[], bool], deadline: Deadline) -> bool:
        """Turn until the condition holds."""

    def worst_lag_s(self, since: float) -> float:
        """Return the longest delay of our own since a moment of the monotonic clock."""


class CannotStart(Exception):
    """The command of a target cannot be started at all."""


class Process:
    """A program and everything that it started. Use ``end`` on every path."""

    def __init__(
        self,
        command: list[str],
        cwd: Path,
        env: Mapping[str, str],
        stdin: str,
        ground: Ground,
        reactor: Reactor,
        history: History,
    ) -> None:
        """Start the program on its ground.

        Raises:
            CannotStart: there is no such program, or it may not be executed.
        """
        self.mark = uuid.uuid4().hex
        self.output_bytes = 0
        self.was_killed = False
        self._kept = bytearray()
        self._reactor = reactor
        self._history = history
        self._ground = ground
        master, slave = pty.openpty()
        tty.setraw(slave)
        taken, given = os.pipe()
        streams = (taken, slave, slave)
        try:
            self._child = ground.spawn(command, cwd, {**env, lifetimes.MARK: self.mark}, streams)
        except OSError as error:
            os.close(master)
            os.close(given)
            raise CannotStart(f"{command[0]!r}: {error.strerror}") from None
        finally:
            os.close(slave)
            os.close(taken)
        self._stdin: int | None = given
        self._master: int | None = master
        os.set_blocking(master, False)
        reactor.watch(master, selectors.EVENT_READ, self._read)
        self._feed(given, stdin)
        history.record("target", "=", f"started as process {self.pid}: {' '.join(command)}")

    @property
    def pid(self) -> int:
        """The number of the process that was started first, where it runs."""
        return self._child.pid

    @property
    def stopped(self) -> str | None:
        """For which excess everything of the target was killed; None if for none."""
        return self._ground.stopped

    @property
    def status(self) -> int | None:
        """The exit status of the first process; None while it runs; negative for a signal."""
        return self._child.poll()

    @property
    def is_over(self) -> bool:
        """Whether ``end`` has been called: nothing of it is left."""
        return self._master is None and self._stdin is None

    def tree(self) -> list[psutil.Process]:
        """Return all living processes of the target, also those that left their parent."""
        return lifetimes.launched(self.mark)

    def output_since(self, mark: int) -> str:
        """Return what was printed after ``mark`` bytes, as far as it is kept; no ANSI codes."""
        new = self.output_bytes - mark
        kept = bytes(self._kept[-new:] if new > 0 else b"")
        return _ANSI.sub("", kept.decode("utf-8", "replace"))

    def send_signal(self, sig: signal.Signals) -> None:
        """Send a signal to every process of the target."""
        for process in self.tree():
            try:
                process.send_signal(sig)
            except psutil.NoSuchProcess:
                continue

    def freeze(self, deadline: Deadline) -> bool:
        """Stop every thread of the target (SIGSTOP); return whether all of them have stopped."""
        self.send_signal(signal.SIGSTOP)
        return self._reactor.pump(lambda: all(map(is_frozen, self.tree())), deadline)

    def thaw(self) -> None:
        """Let the target go on (SIGCONT)."""
        self.send_signal(signal.SIGCONT)

    def kill(self, processes: list[psutil.Process]) -> None:
        """Kill all processes of the target at once; finding them takes time, so they are given."""
        self.was_killed = True
        lifetimes.kill(processes)
        self._history.record("target", "=", "killed by us")

    def end(self, deadline: Deadline, until: Callable[[], bool] = lambda: True) -> None:
        """Ask the target to end, wait for it and for ``until``, then kill what is left."""
        if self._child.poll() is None:
            self._child.terminate()
        self._reactor.pump(lambda: until() and self._child.poll() is not None, deadline)
        remaining = self.tree()
        lifetimes.kill(remaining)
        if self._child.poll() is None:
            self._child.kill()  # it carries no mark any more
        status = self._child.wait()
        lifetimes.reap(remaining)
        self._history.record("target", "=", f"ended with status {status}")
        self._release()

    def read_on(self) -> None:
        """Read what waits in the terminal, which gives 4 kB at a time."""
        for _ in range(KEPT_BYTES // READ_BYTES * 16):
            before = self.output_bytes
            if self._master is not None:
                self._read(0)
            if self.output_bytes == before:
                return

    def _release(self) -> None:
        if self._stdin is not None:
            os.close(self._stdin)
            self._stdin = None
        self.read_on()
        if self._master is not None:
            self._close_master()

    def _feed(self, stdin: int, text: str) -> None:
        os.set_blocking(stdin, False)
        try:
            os.write(stdin, text.encode())
        except OSError as error:
            self._history.record("target", "!", f"took no input: {error.strerror}")

    def _read(self, _mask: int) -> None:
        assert self._master is not None
        try:
            data = os.read(self._master, READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            self._close_master()
            return
        self.output_bytes += len(data)
        self._kept = (self._kept + data)[-KEPT_BYTES:]
        if self.output_bytes < KEPT_BYTES:
            self._history.record("screen", "<", data)

    def _close_master(self) -> None:
        assert self._master is not None
        self._reactor.forget(self._master)
        os.close(self._master)
        self._master = None
