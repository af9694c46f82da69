"""What waits for the dispatcher: one queue that every thread may post to.

Owns the queue, its lock and the descriptor that wakes the dispatcher.

Law: one swap under the lock takes all that waits, and one wake-up serves all of it.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock

from chat.config import RINGS_BYTES
from chat.framing import Line
from chat.peer import Peer


@dataclass(frozen=True, slots=True)
class Arrived:
    """A connection was accepted; its reader is about to start."""

    peer: Peer


@dataclass(frozen=True, slots=True)
class Spoke:
    """Lines of one client, no more than its credit."""

    peer: Peer
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Ended:
    """The last thing a reader posts. Orderly: the client may still be reading."""

    peer: Peer
    orderly: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """The server is to stop."""


Parcel = Arrived | Spoke | Ended | Stop


class Wake:
    """A descriptor that is readable from `ring` to `clear`: it ends somebody's wait."""

    def __init__(self) -> None:
        self._descriptor, self.bell = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def fileno(self) -> int:
        """What a selector waits for."""
        return self._descriptor

    def ring(self) -> None:
        """End the wait, now or when it comes. Any byte written to `bell` does the same."""
        with suppress(BlockingIOError):  # full: it has been rung often enough
            os.write(self.bell, b"\0")

    def clear(self) -> None:
        """Wait again from now on. Only after it was seen to be readable."""
        os.read(self._descriptor, RINGS_BYTES)

    def close(self) -> None:
        """Give both ends back."""
        os.close(self._descriptor)
        os.close(self.bell)


class Inbox:
    """The dispatcher's queue."""

    def __init__(self) -> None:
        self.wake = Wake()
        self._lock = Lock()
        self._parcels: list[Parcel] = []

    def post(self, parcel: Parcel) -> None:
        """Add to the queue; never waits for anything but its lock."""
        with self._lock:
            self._parcels.append(parcel)
            is_first = len(self._parcels) == 1
        if is_first:
            self.wake.ring()

    def take(self) -> list[Parcel]:
        """All that waits, in order. Clear the wake-up before, so that none is lost."""
        with self._lock:
            parcels, self._parcels = self._parcels, []
        return parcels
