"""What a way of leaving may use, and what it needs of the client that leaves."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from harness.deadline import Deadline
from harness.verdict import Unproven


class Leaver(Protocol):
    """What is needed of a client that leaves."""

    @property
    def socket(self) -> socket.socket:
        """Its socket."""

    def unread_bytes(self) -> int:
        """What waits in its receive queue."""

    def catch_up(self) -> bool:
        """Read what has come, unless told not to; whether nothing was left at that moment."""

    def stop_reading(self) -> None:
        """Leave what comes in the kernel."""

    def abandon(self) -> None:
        """Do nothing more with the connection, which stays open."""

    def depart(self) -> None:
        """Send a FIN and read on until the other end closes."""

    def close(self) -> None:
        """Close our copy of the socket."""


class PeerEnd(Protocol):
    """The target's end of a connection, as the kernel sees it."""

    @property
    def state(self) -> str:
        """Its TCP state."""

    @property
    def unacknowledged_bytes(self) -> int:
        """What it holds for us: sent or not, we have not acknowledged it."""

    @property
    def retransmits(self) -> int:
        """How often in a row it sent again, or probed, because we did not answer."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a way of leaving may use.

    ``peer`` is the target's end, or None when there is none any more; ``somebody_speaks`` makes
    the target send something to the one who leaves; ``somebody_says_much`` a lot, and
    returns the number of bytes.
    """

    pump: Callable[[Callable[[], bool], Deadline], bool]
    peer: Callable[[], PeerEnd | None]
    somebody_speaks: Callable[[], None]
    somebody_says_much: Callable[[], int]
    deadline: Deadline

    def peer_state(self) -> str | None:
        """Return the TCP state of the target's end."""
        peer = self.peer()
        return peer.state if peer else None

    def require_established(self) -> None:
        """Refuse to put a fault on what is no connection.

        Raises:
            Unproven: the target's end is not ESTABLISHED.
        """
        state = self.peer_state()
        if state != "ESTABLISHED":
            raise Unproven(f"the target's end was {state or 'gone'} before the fault was put on it")
