"""Where a client connects to: told by its command, written in its target file, or seen.

A client with an address in its code is unmodified; in a network of its own its first attempt to
connect is seen as a packet (packet(7)), and afterwards somebody listens there.
"""

from __future__ import annotations

import selectors
import socket
import struct
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from harness.description import Description
from harness.targets.instructions import is_told, required
from harness.targets.network import Network
from harness.targets.readiness import address_of
from harness.targets.tcp import Address

ETH_P_IP = 0x0800
PACKET_BYTES = 65_536
TCP, SYN, ACK = 6, 0x02, 0x10
WHERE = ("host", "port", "address")


class Reactor(Protocol):
    """What this needs of the reactor."""

    def watch(self, descriptor: int, events: int, handler: Callable[[int], None]) -> None:
        """Call the handler when the descriptor is ready."""

    def forget(self, descriptor: int) -> None:
        """Stop watching."""


def written_address(description: Description) -> Address | None:
    """Return the address in a client's code, as its target file has it; None: it has none."""
    return address_of(required(description).address)


def is_told_where(description: Description) -> bool:
    """Whether its command tells a client where to connect to."""
    return is_told(description, *WHERE)


class Calls:
    """Sees where somebody in a network of its own first connects to. A context manager."""

    def __init__(self, network: Network, reactor: Reactor) -> None:
        """Begin to look.

        Raises:
            OSError: the kernel does not let us.
        """
        self.first: Address | None = None
        self._reactor = reactor
        self._socket = network.make(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
        self._socket.setblocking(False)
        reactor.watch(self._socket.fileno(), selectors.EVENT_READ, self._see)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._reactor.forget(self._socket.fileno())
        self._socket.close()

    def _see(self, _mask: int) -> None:
        packet = self._socket.recv(PACKET_BYTES)
        self.first = self.first or destination(packet)


def destination(packet: bytes) -> Address | None:
    """Return where an IPv4 packet asks for a connection to; None: it asks for none (RFC 9293)."""
    if len(packet) < 20 or packet[9] != TCP:
        return None
    header = (packet[0] & 0x0F) * 4
    if len(packet) < header + 14 or packet[header + 13] & (SYN | ACK) != SYN:
        return None
    (port,) = struct.unpack_from("!H", packet, header + 2)
    return socket.inet_ntoa(packet[16:20]), port
