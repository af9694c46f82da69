"""The stage of the whole system: one fresh server, people who talk to it, and people at windows.

What a window does is judged; that the server passes it on is the business of other scenarios, so
where it does not nothing can be said of the window.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from harness import asking
from harness.desk import Desk
from harness.expect import Expectation, joined
from harness.faults.link.link import Link
from harness.member import Member
from harness.room import Room
from harness.system import System
from harness.verdict import Contradicted, Ledger, Unproven


@dataclass(slots=True)
class House:
    """A room, and windows of real clients whose connections lead into it.

    Whoever opened it releases the desks, and the room.
    """

    room: Room
    client: System
    desks: list[Desk] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        """What has been checked."""
        return self.room.ledger

    @property
    def was_late(self) -> bool:
        """Whether we were ever late enough to spoil what the server has its usual time for."""
        return self.room.was_late

    def about(self, *observations: str) -> AbstractContextManager[None]:
        """Say which observations the checks inside are for; see ``Ledger``."""
        return self.ledger.about(*observations)

    def sits_down(self, base: str, witness: Member) -> Desk:
        """Start a client, and let its user come into the room, which somebody else is in.

        Raises:
            Contradicted: its window does not come to show what the other says.
            NoDisplay: there is no X server.
            Unproven: the server does not let it in.
        """
        room = self.room
        desk = Desk(
            system=self.client,
            reactor=room.reactor,
            history=room.history,
            ledger=room.ledger,
            bounds=room.bounds,
            vocabulary=room.vocabulary,
            scale=room.scale,
            findings=room.findings,
        )
        desk.open()
        self.desks.append(desk)
        desk.serve(take=lambda sock: self._lead_in(desk, sock))
        desk.start()
        desk.name = room.vocabulary.name(base)
        asking.give_name(desk, desk.name)
        self.passes_on(joined(desk), witness)
        desk.shows(witness.says())
        return desk

    def passes_on(self, expected: Expectation, witness: Member) -> None:
        """Wait until somebody has seen what a window did.

        Raises:
            Unproven: it never comes, for which the server may be to blame.
        """
        with self.blaming_nobody():
            self.room.all_see(expected, [witness])

    @contextmanager
    def blaming_nobody(self) -> Iterator[None]:
        """Do what the server has a part in."""
        try:
            yield
        except Contradicted as why:
            raise Unproven(f"the server did not pass it on: {why.reason}") from None

    def finish(self) -> None:
        """Note what a person should know, and stop the server."""
        for desk in self.desks:
            desk.finish()
        self.room.finish()

    def _lead_in(self, desk: Desk, near: socket.socket) -> None:
        """Carry a connection that a client has opened to the server of the room."""
        running = self.room.running
        far = running.network.socket()
        far.connect(running.address)
        far.setblocking(False)
        far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peek_near = desk.prepared.ground.network.peer_row
        peek_far = running.network.peer_row
        link = Link(near, far, self.room.reactor, peek_near=peek_near, peek_far=peek_far)
        self.room.lines.links.append(link)


def speak_alike(one: System, *others: System) -> bool:
    """Whether systems speak one protocol, by their target files."""
    return all(
        getattr(one.description, section) == getattr(other.description, section)
        for other in others
        for section in ("wire", "send", "receive")
    )
