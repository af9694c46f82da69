"""Connections that are carried by us: how they are opened, and what was done to them.

The link first has its own connection with the target, so that a target that refuses, or does not
answer, is seen to do so. Then the client is given its end, and is a client like any other. Faults
are put on the link before any byte is carried, or at any moment later.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from harness.clients.opening import Opening
from harness.clients.reactor import Reactor
from harness.deadline import Deadline
from harness.faults.link.link import Link, pair
from harness.faults.profiles import Profile
from harness.targets.network import Network
from harness.verdict import Unproven

SEEDS = 1 << 32


class LinkedOpening:
    """One attempt to connect over a link. Use ``take`` or ``close`` on every path.

    ``link`` is there once it has been taken.
    """

    def __init__(
        self,
        opening: Opening,
        reactor: Reactor,
        network: Network,
        furnish: Callable[[Link], None] = lambda _link: None,
    ) -> None:
        """Have a connection opened, to a target in this network; ``furnish`` adds the faults."""
        self.link: Link | None = None
        self._opening = opening
        self._reactor = reactor
        self._network = network
        self._furnish = furnish

    def take(self, deadline: Deadline) -> socket.socket:
        """Wait for the connection and hand the client's end over.

        Raises:
            OSError: refused, unreachable, or not accepted by the kernel before the deadline.
        """
        far = self._opening.take(deadline)
        client_end, near = pair(self._network.socket)
        self.link = _link(near, far, self._reactor, self._network)
        self._furnish(self.link)
        return client_end

    def close(self) -> None:
        """Give it up."""
        self._opening.close()


@dataclass(slots=True)
class Lines:
    """The links of one scenario. ``profile`` is what each connection suffers; None: nothing.

    ``links`` has those that there were, oldest first; ``greetings`` what newcomers said only
    because the profile asks for it. The seeds of the faults follow from ``random``.
    """

    profile: Profile | None = None
    random: Random = field(default_factory=Random)
    links: list[Link] = field(default_factory=list)
    greetings: set[str] = field(default_factory=set)

    def lay(self, opening: Opening, reactor: Reactor, network: Network) -> LinkedOpening:
        """Have a connection carried, with the faults of the profile if there is one."""
        return LinkedOpening(opening, reactor, network, self.furnish)

    def carry(self, sock: socket.socket, reactor: Reactor, network: Network) -> socket.socket:
        """Have a connection that a target opened carried; return the end that is ours then."""
        client_end, near = pair(network.socket)
        self.furnish(_link(near, sock, reactor, network))
        return client_end

    def furnish(self, link: Link) -> None:
        """Take a link for one of these, and put the faults of the profile on it."""
        self.links.append(link)
        if self.profile is None:
            return
        link.upstream.add(self.profile.upstream(self.random.randrange(SEEDS)))
        if self.profile.downstream:
            link.downstream.add(self.profile.downstream(self.random.randrange(SEEDS)))

    @property
    def held_bytes(self) -> int:
        """What is on its way over all links."""
        return sum(link.held_bytes for link in self.links)

    def evidence(self) -> list[str]:
        """Return a sentence for each fault that has bitten."""
        return [sentence for link in self.links for sentence in link.evidence()]

    def require_a_bite(self) -> None:
        """Refuse to let a scenario be about faults that did nothing.

        Raises:
            Unproven: the profile has faults, and none of them shows that it bit.
        """
        if self.profile is not None and not self.evidence():
            raise Unproven(f"nothing shows that {self.profile.what}: no link has any evidence")

    def close(self) -> None:
        """Close what is still open."""
        for link in self.links:
            link.close()


def _link(near: socket.socket, far: socket.socket, reactor: Reactor, network: Network) -> Link:
    return Link(near, far, reactor, peek_near=network.peer_row, peek_far=network.peer_row)
