"""What waits to be sent to the server: bounded, so that nobody who writes ever waits.

Owns the buffer between the window, which puts lines in, and the thread that sends them.
"""

from threading import Condition


class Outgoing:
    """A queue of bytes for one thread that takes; closed once, after which nothing is put in."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._waiting = b""
        self._is_closed = False
        self._changed = Condition()

    def put(self, line: bytes) -> bool:
        """Whether there was room for the line, which then will be sent."""
        with self._changed:
            if self._is_closed or len(self._waiting) + len(line) > self._most_bytes:
                return False
            self._waiting += line
            self._changed.notify()
            return True

    def take(self) -> bytes:
        """All that waits, as soon as there is something; nothing: it is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            taken, self._waiting = self._waiting, b""
            return taken

    def close(self) -> None:
        """Let what waits be the last."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
