"""A connection that is opened through a link: taken by a client like any other.

The link first has its own connection with the target, so that a target that refuses, or does not
answer, is seen to do so. Then the client is given its end. Faults are put on the link before any
byte is carried, or at any moment later, through ``link``.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence

from harness.clients.opening import Opening
from harness.clients.reactor import Reactor
from harness.deadline import Deadline
from harness.faults.link.fault import Fault
from harness.faults.link.link import Link
from harness.targets.network import Network


class LinkedOpening:
    """One attempt to connect. Use ``take`` or ``close`` on every path; then close ``link``."""

    def __init__(
        self,
        opening: Opening,
        reactor: Reactor,
        network: Network,
        upstream: Sequence[Fault] = (),
        downstream: Sequence[Fault] = (),
    ) -> None:
        """Have a connection opened, to a target in this network, with faults there and back."""
        self.link: Link | None = None
        self._opening = opening
        self._reactor = reactor
        self._network = network
        self._upstream = upstream
        self._downstream = downstream

    def take(self, deadline: Deadline) -> socket.socket:
        """Wait for the connection and hand the client's end over.

        Raises:
            OSError: refused, unreachable, or not accepted by the kernel before the deadline.
        """
        self.link = Link(
            self._opening.take(deadline),
            self._reactor,
            peek_near=Network().peer_row,
            peek_far=self._network.peer_row,
        )
        for fault in self._upstream:
            self.link.upstream.add(fault)
        for fault in self._downstream:
            self.link.downstream.add(fault)
        return self.link.client_end

    def close(self) -> None:
        """Give it up."""
        self._opening.close()
