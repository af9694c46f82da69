"""The ways in which a client leaves without saying so, each with evidence of what the wire saw.

One entry in ``WAYS`` for each. A way returns a sentence of evidence, or raises ``Unproven``: a
fault that did not bite proves nothing. Sources: tcp(7) for TCP_INFO, socket(7) for SO_LINGER;
a close with unread input is an RST by itself, so a clean FIN drains first.
"""

from __future__ import annotations

import socket
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from harness.deadline import Deadline
from harness.verdict import Unproven

FIN_ACKNOWLEDGED = {5: "FIN_WAIT2", 6: "TIME_WAIT", 7: "CLOSE"}
"""States of our socket that show that the other end has taken our FIN (tcp_states.h)."""


class Leaver(Protocol):
    """What is needed of a client that leaves."""

    @property
    def socket(self) -> socket.socket:
        """Its socket."""

    def unread_bytes(self) -> int:
        """What waits in its receive queue."""

    def stop_reading(self) -> None:
        """Leave what comes in the kernel."""

    def close(self) -> None:
        """Close our copy of the socket."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a way of leaving may use.

    ``peer_state`` is the TCP state of the target's end, or None when it has none any more;
    ``somebody_speaks`` makes the target send something to the one who leaves.
    """

    pump: Callable[[Callable[[], bool], Deadline], bool]
    peer_state: Callable[[], str | None]
    somebody_speaks: Callable[[], None]
    deadline: Deadline


Way = Callable[[Leaver, Surroundings], str]


def fin(client: Leaver, around: Surroundings) -> str:
    """Close in order: everything read, then a FIN that the other end has acknowledged."""
    _require_established(around)
    _drain(client, around)
    client.socket.shutdown(socket.SHUT_WR)
    if not around.pump(lambda: _tcp_state(client.socket) in FIN_ACKNOWLEDGED, around.deadline):
        raise Unproven("the FIN was not acknowledged, so it is not known that it arrived")
    state = FIN_ACKNOWLEDGED[_tcp_state(client.socket)]
    client.close()
    return f"FIN sent and acknowledged (our socket was in {state})"


def rst(client: Leaver, around: Surroundings) -> str:
    """Reset the connection (SO_LINGER with zero seconds, then close)."""
    _require_established(around)
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
    "fin": fin,
    "rst": rst,
    "killed": killed,
    "killed-unread": killed_unread,
}


def _kill_holder(client: Leaver, around: Surroundings) -> str:
    """Hand the socket to a process that holds nothing else, and kill it."""
    _require_established(around)
    unread = client.unread_bytes()
    descriptor = client.socket.fileno()
    with subprocess.Popen(["sleep", "600"], pass_fds=[descriptor]) as holder:
        client.close()
        holder.kill()
        status = holder.wait()
    return f"process {holder.pid} held the socket with {unread} bytes unread and ended by {-status}"


def _drain(client: Leaver, around: Surroundings) -> None:
    if not around.pump(lambda: client.unread_bytes() == 0, around.deadline):
        raise Unproven("the input was not read to its end, so a close would be an RST, not a FIN")


def _require_established(around: Surroundings) -> None:
    state = around.peer_state()
    if state != "ESTABLISHED":
        raise Unproven(f"the target's end was {state or 'gone'} before the fault was put on it")


def _gone(around: Surroundings) -> str:
    if not around.pump(lambda: around.peer_state() in (None, "CLOSE"), around.deadline):
        raise Unproven(f"the target's end is still {around.peer_state()} after the RST")
    return "gone"


def _tcp_state(sock: socket.socket) -> int:
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
