"""A client that stops reading, until the target's system takes no more bytes for it.

What is sent waits first in our receive queue, then in the send buffer of the target's end: both
take it without a word, up to 4 MB of it. So the connections of such a scenario are made small from
the beginning (``narrow``), and the others speak until both are full. Sources: tcp(7) for
TCP_MAXSEG, socket(7) for SO_RCVBUF; Linux sizes a send buffer by the segments of its peer.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

from harness.deadline import Deadline
from harness.faults.surroundings import Leaver, Surroundings
from harness.verdict import Unproven

SEGMENT_BYTES = 536
WINDOW_BYTES = 8_192
MOST_BYTES = 6 << 20
"""More than any send buffer holds that Linux sizes by itself."""
GONE = float("inf")
STUCK_S = 0.4
"""What has not moved for so long is stuck; an acknowledgement may be delayed by a tenth of it."""


def narrow(sock: socket.socket) -> None:
    """Make a socket that is not yet connected one that takes little at a time."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW_BYTES)


def stalled(client: Leaver, around: Surroundings) -> str:
    """Stop reading, and let the others speak until the target's end holds what we do not take."""
    around.require_established()
    client.stop_reading()
    _fill(client, around)
    peer = around.peer()
    held = peer.unacknowledged_bytes if peer and peer.state == "ESTABLISHED" else None
    unread = client.unread_bytes()
    client.abandon()
    if held is None and unread:
        return f"the target gave the connection up while we had {unread} bytes unread"
    if not held:
        raise Unproven("the target's end holds nothing that we did not take, so nothing stalled")
    return f"the target's end holds {held} bytes that we do not take, with {unread} bytes unread"


def _fill(client: Leaver, around: Surroundings) -> None:
    """Let the others speak until nothing of it reaches the target's end any more."""

    def owed_bytes() -> float:
        peer = around.peer()
        if peer is None or peer.state != "ESTABLISHED":
            return GONE
        return peer.unacknowledged_bytes + client.unread_bytes()

    said_bytes = 0
    while said_bytes < MOST_BYTES and not around.deadline.passed:
        more_bytes = around.somebody_says_much()
        said_bytes += more_bytes
        has_come = around.pump(_reaches(owed_bytes, said_bytes), Deadline.after(STUCK_S))
        if owed_bytes() == GONE:
            return
        if not (has_come and more_bytes) and owed_bytes() > client.unread_bytes():
            return


def _reaches(amount: Callable[[], float], least: float) -> Callable[[], bool]:
    return lambda: amount() >= least
