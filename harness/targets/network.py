"""A network that a target lives in: how sockets of it are made, and what is known of them.

Normally it is the network of this machine; a sandbox has one of its own.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from harness.targets import diag, tcp
from harness.targets.diag import Inquiry
from harness.targets.tcp import Address, Row

OURS = Path("/proc/net")


@dataclass(slots=True)
class Network:
    """A network namespace: how a socket of it is made, and where its tables are.

    Use ``close`` on every path.
    """

    make: Callable[[int, int, int], socket.socket] = socket.socket
    tables: Path = OURS
    inquiry: Inquiry = field(init=False)

    def __post_init__(self) -> None:
        """Ask over a socket of this network."""
        self.inquiry = Inquiry(self.make)

    def close(self) -> None:
        """Give back what is asked through."""
        self.inquiry.close()

    def socket(self) -> socket.socket:
        """Make a TCP socket of this network."""
        return self.make(socket.AF_INET, socket.SOCK_STREAM, 0)

    @property
    def is_of_its_own(self) -> bool:
        """Whether nobody but the target, and we, are in it."""
        return self.tables != OURS

    def listening(self, processes: list[psutil.Process]) -> list[Address]:
        """Return where these processes listen, lowest port first; a wildcard is shown as loopback.

        In a network of its own nobody else listens, so nobody is asked whose a socket is.
        """
        if self.is_of_its_own:
            return tcp.listening_anywhere(self.tables)
        return tcp.listening(processes)

    def peer_row(self, ours: Address, theirs: Address) -> Row | None:
        """Return the target's end of one of our connections; None when it has no such socket."""
        if diag.works():
            found = self.inquiry.find(theirs, ours)
            return found and Row(tcp.state(f"{found[0]:02X}"), *found[1:])
        return tcp.row(self.tables, theirs, ours)

    def knocking(self, listener: Address) -> int:
        """Return how many connections wait to be accepted; 0 where the kernel does not say."""
        return self.inquiry.knocking(listener) if diag.works() else 0

    def calling(self, address: Address) -> int:
        """Return how many sockets try to connect there, and have no answer yet."""
        return tcp.calling(self.tables, address)

    def failed_calls(self) -> int:
        """Return how many attempts to connect have failed in it so far, whoever made them."""
        return tcp.failed_calls(self.tables)

    def failed_lookups(self) -> int:
        """Return how often a name server was asked in vain: nobody serves a sandbox.

        In the network of this machine other programs count as well.
        """
        return tcp.unserved_datagrams(self.tables)

    def unread_bytes_at(self, address: Address) -> int:
        """Return how many bytes wait at a server's end of all its connections, to be read by it."""
        return tcp.unread_bytes_at(self.tables, address)
