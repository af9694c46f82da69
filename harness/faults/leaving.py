"""The ways in which a client leaves without saying so, each with evidence of what the wire saw.

One entry in ``WAYS`` for each; the longer ones have a file of their own. A way returns a sentence
of evidence, or raises ``Unproven``: a fault that did not bite proves nothing. What is asked is the
target's end, since our own end is that of a link where the connection is carried. Source:
socket(7) for SO_LINGER; a close with unread input is an RST by itself, so a clean FIN drains first.
"""

from __future__ import annotations

import socket
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from harness.faults.stalling import narrow, stalled
from harness.faults.surroundings import Leaver, Surroundings
from harness.faults.vanishing import vanished
from harness.verdict import Unproven


@dataclass(frozen=True, slots=True)
class Way:
    """One way of leaving: what is done, and by which limit of the specification it is told."""

    act: Callable[[Leaver, Surroundings], str]
    limit: str = "notice_s"
    prepare: Callable[[socket.socket], None] = lambda _sock: None
    """What is done to a socket before it connects, where that makes this way shorter."""

    @property
    def is_silent(self) -> bool:
        """Whether nothing on the wire says that somebody has gone."""
        return self.limit == "stalled_s"


def fin(client: Leaver, around: Surroundings) -> str:
    """Close in order: everything read, a FIN that has come to the target's end, then read on."""
    around.require_established()
    _drain(client, around)
    client.socket.shutdown(socket.SHUT_WR)
    if not around.pump(lambda: around.peer_state() != "ESTABLISHED", around.deadline):
        raise Unproven("the target's end is still ESTABLISHED, so the FIN has not come there")
    state = around.peer_state() or "gone"
    client.depart()
    return f"FIN sent: the target's end was ESTABLISHED and is {state}"


def rst(client: Leaver, around: Surroundings) -> str:
    """Reset the connection (SO_LINGER with zero seconds, then close)."""
    around.require_established()
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    return f"RST sent: the target's end was ESTABLISHED and is {_gone(around)}"


def killed(client: Leaver, around: Surroundings) -> str:
    """Kill the process that holds the socket, with everything read: the kernel sends a FIN."""
    _drain(client, around)
    client.stop_reading()
    return _kill_holder(client, around)


def killed_unread(client: Leaver, around: Surroundings) -> str:
    """Kill the process that holds the socket while it has unread input: the kernel sends an RST."""
    client.stop_reading()
    around.somebody_speaks()
    if not around.pump(lambda: client.unread_bytes() > 0, around.deadline):
        raise Unproven("nothing was unread, because nothing was sent to the one who leaves")
    return f"{_kill_holder(client, around)}; the target's end is {_gone(around)}"


WAYS: dict[str, Way] = {
    "fin": Way(fin),
    "rst": Way(rst),
    "killed": Way(killed),
    "killed-unread": Way(killed_unread),
    "stalled": Way(stalled, limit="stalled_s", prepare=narrow),
    "vanished": Way(vanished, limit="stalled_s"),
}


def preparation(way: str) -> Callable[[socket.socket], None]:
    """Return what is done to a socket before it connects, if somebody will leave in this way."""
    return WAYS[way].prepare if way in WAYS else lambda _sock: None


def _kill_holder(client: Leaver, around: Surroundings) -> str:
    """Hand the socket to a process that holds nothing else, and kill it; see that it is noticed."""
    around.require_established()
    unread = client.unread_bytes()
    descriptor = client.socket.fileno()
    with subprocess.Popen(["sleep", "600"], pass_fds=[descriptor]) as holder:
        client.close()
        holder.kill()
        status = holder.wait()
    if not around.pump(lambda: around.peer_state() != "ESTABLISHED", around.deadline):
        raise Unproven("the target's end is still ESTABLISHED after the kill")
    return f"process {holder.pid} held the socket with {unread} bytes unread and ended by {-status}"


def _drain(client: Leaver, around: Surroundings) -> None:
    if not around.pump(client.catch_up, around.deadline):
        raise Unproven("the input was not read to its end, so a close would be an RST, not a FIN")


def _gone(around: Surroundings) -> str:
    if not around.pump(lambda: around.peer_state() in (None, "CLOSE"), around.deadline):
        raise Unproven(f"the target's end is still {around.peer_state()} after the RST")
    return "gone"
