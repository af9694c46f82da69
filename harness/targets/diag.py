"""One TCP socket, asked of the kernel by its addresses: sock_diag(7), inet_diag.h.

A look into /proc/net/tcp walks all the kernel's tables and takes milliseconds, however few sockets
there are; this takes microseconds, however many. It sees the network that the asking socket
belongs to, and asks for no privilege. A socket of IPv6 that holds a mapped IPv4 address is found
too.
"""

from __future__ import annotations

import functools
import socket
import struct
from collections.abc import Callable
from contextlib import closing

Address = tuple[str, int]
Make = Callable[[int, int, int], socket.socket]
"""Makes a socket of the network that is asked about."""
Found = tuple[int, int, int, int]

_SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, _NLMSG_ERROR, _NETLINK_SOCK_DIAG = 20, 1, 2, 4
_HEADER = struct.Struct("=IHHII")
_REQUEST = struct.Struct("=BBBBI")
_STATE = struct.Struct("=BBBB")
_QUEUES = struct.Struct("=II")
_QUEUES_AT = _HEADER.size + 4 + 48 + 4
_ANY_STATE, _NO_COOKIE = 0xFFFFFFFF, 0xFFFFFFFF
_LISTEN = 10
NOBODY = ("127.0.0.1", 0)
"""The other end of a socket that listens."""


class Inquiry:
    """Asks the kernel about the sockets of one network. Use ``close`` on every path."""

    def __init__(self, make: Make) -> None:
        """Ask through a socket of that network, made when there is a first question."""
        self._make = make
        self._kernel: socket.socket | None = None

    def find(self, local: Address, remote: Address) -> Found | None:
        """Return a connected socket: state (tcp_states.h), unread, unacknowledged, retransmits.

        None when there is no such socket.
        """
        found = self.ask(local, remote)
        return None if found is None or found[0] == _LISTEN else found

    def knocking(self, listener: Address) -> int:
        """Return how many connections wait for whoever listens there to accept them."""
        found = self.ask(listener, NOBODY)
        return found[1] if found and found[0] == _LISTEN else 0

    def ask(self, local: Address, remote: Address) -> Found | None:
        """Return the socket with these addresses, also one that listens; None if there is none."""
        message = _REQUEST.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, 0, _ANY_STATE)
        message += struct.pack("!HH", local[1], remote[1])
        message += socket.inet_aton(local[0]) + bytes(12) + socket.inet_aton(remote[0]) + bytes(12)
        message += struct.pack("=III", 0, _NO_COOKIE, _NO_COOKIE)
        size = _HEADER.size + len(message)
        header = _HEADER.pack(size, _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 1, 0)
        if self._kernel is None:
            self._kernel = self._make(socket.AF_NETLINK, socket.SOCK_DGRAM, _NETLINK_SOCK_DIAG)
        self._kernel.send(header + message)
        answer = self._kernel.recv(4_096)  # one for each question, in their order
        if _HEADER.unpack_from(answer)[1] == _NLMSG_ERROR:
            return None
        _family, state, _timer, retransmits = _STATE.unpack_from(answer, _HEADER.size)
        unread, unacknowledged = _QUEUES.unpack_from(answer, _QUEUES_AT)
        return state, unread, unacknowledged, retransmits

    def close(self) -> None:
        """Give the socket back."""
        if self._kernel is not None:
            self._kernel.close()
            self._kernel = None


@functools.cache
def works() -> bool:
    """Whether this kernel answers: it must know a socket of our own."""
    try:
        with (
            socket.create_server(("127.0.0.1", 0)) as listener,
            closing(Inquiry(socket.socket)) as inquiry,
        ):
            return inquiry.ask(listener.getsockname(), NOBODY) is not None
    except OSError:
        return False
