"""The server's screen: what its operator reads (RF-001, RF-005).

Owns the standard output and the thread that writes to it. The bytes are those of the wire, in
UTF-8, line by line as they happen.

Law: a screen that does not take its lines never stalls the room. What it is behind by is bounded;
past the bound, lines are left out until it moves again, and their number is shown in their place.
A file on a full disk is a screen that does not move: it is tried again.
"""

import os
import select
from errno import EDQUOT, EFBIG, ENOSPC
from threading import Condition, Thread

from chat.config import SCREEN_RETRY_S

_FULL = frozenset({EDQUOT, EFBIG, ENOSPC})


class Screen:
    """A terminal, a pipe or a file that takes lines when it pleases."""

    def __init__(self, descriptor: int, bound_bytes: int) -> None:
        self._descriptor = descriptor
        self._bound_bytes = bound_bytes
        self._news = Condition()
        self._waiting = bytearray()
        self._left_out = 0
        self._is_closed = False
        self._thread = Thread(target=self._run, name="tela", daemon=True)
        self._thread.start()

    def show(self, lines: bytes) -> None:
        """Show whole lines, soon; never waits for the screen."""
        with self._news:
            if self._left_out or len(self._waiting) + len(lines) > self._bound_bytes:
                self._left_out += lines.count(b"\n")
            else:
                self._waiting += lines
            self._news.notify()

    def close(self, within_s: float) -> None:
        """Show what waits, if the screen takes it in time, and nothing more."""
        with self._news:
            self._is_closed = True
            self._news.notify()
        self._thread.join(within_s)

    def _run(self) -> None:
        while lines := self._next():
            try:
                self._write(lines)
            except OSError:  # nobody looks any more; the room goes on
                return

    def _next(self) -> bytes:
        """What to show now; nothing when the screen is closed."""
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._left_out or self._is_closed)
            if self._left_out:
                gap = f"({self._left_out} linhas não couberam na tela)\n"
                self._waiting += gap.encode()
            lines = bytes(self._waiting)
            self._waiting.clear()
            self._left_out = 0
            return lines

    def _write(self, lines: bytes) -> None:
        rest = memoryview(lines)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:  # somebody else made it non-blocking
                select.select([], [self._descriptor], [])
            except OSError as error:
                if error.errno not in _FULL or self._closes_within(SCREEN_RETRY_S):
                    raise

    def _closes_within(self, seconds: float) -> bool:
        with self._news:
            return self._news.wait_for(lambda: self._is_closed, seconds)
