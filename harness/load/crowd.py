"""Many connections to one target on one epoll, read as cheaply as Python can.

Every chunk goes into one shared buffer, its end marks are counted, and that is all: no recogniser,
no history. A member may have a ``listener`` that gets its bytes (the witness of a measure, whoever
is measured for latency, whoever is just coming in).
"""

from __future__ import annotations

import errno
import os
import select
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from harness.clients.reactor import Reactor
from harness.load.pings import Pings
from harness.load.texts import MARK
from harness.targets.network import Network

BUFFER_BYTES = 1 << 18
TURN_S = 0.05
CONNECT_S = 30.0
MOST_EVENTS = 4_096
Address = tuple[str, int]


class HasFileno(Protocol):
    """Whatever has a descriptor."""

    def fileno(self) -> int:
        """Return it."""


@dataclass(slots=True)
class Member:
    """One connection: how many texts ended in what it received, and whether it still lives."""

    name: str
    socket: socket.socket
    texts: int = 0
    lives: bool = True
    listener: Callable[[bytes], None] | None = None


class Crowd:
    """All connections to one target. Not thread-safe. Use ``close`` on every path.

    ``after_turn`` is called whenever all have been read of whom something had come.
    """

    def __init__(
        self,
        address: Address,
        reactor: Reactor,
        pings: Pings | None = None,
        network: Network | None = None,
    ) -> None:
        """Begin with nobody; the reactor, which reads the target's output, is turned with us."""
        self.members: list[Member] = []
        self.network = network or Network()
        self.after_turn: Callable[[], None] = nothing_more
        self._address = address
        self._reactor = reactor
        self._pings = pings
        self._by_descriptor: dict[int, Member] = {}
        self._buffer = bytearray(BUFFER_BYTES)
        self._epoll = select.epoll()
        self._epoll.register(reactor.selector.fileno(), select.EPOLLIN)  # type: ignore[attr-defined]

    def connect(self, name: str) -> Member:
        """Open one more connection, reading meanwhile.

        Raises:
            OSError: it was refused, or not accepted by the kernel in time.
        """
        sock = self.network.socket()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        problem = sock.connect_ex(self._address)
        if problem == errno.EINPROGRESS:
            connected = self.turn_until(lambda: is_ready(sock, select.POLLOUT), CONNECT_S)
            problem = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            problem = problem if connected else errno.ETIMEDOUT
        if problem:
            sock.close()
            raise OSError(problem, os.strerror(problem))
        member = Member(name, sock)
        self.members.append(member)
        self._by_descriptor[sock.fileno()] = member
        self._epoll.register(sock.fileno(), select.EPOLLIN)
        return member

    def turn(self, most_s: float = TURN_S) -> None:
        """Wait at most this long for anything, and read one chunk of whoever has some."""
        buffer, members, pings = self._buffer, self._by_descriptor, self._pings
        for descriptor, _ in self._epoll.poll(max(0.0, min(most_s, TURN_S)), MOST_EVENTS):
            member = members.get(descriptor)
            if member is None:
                self._reactor.turn(0.0)
                continue
            try:
                size = member.socket.recv_into(buffer)
            except BlockingIOError:
                continue
            except OSError:
                size = 0
            if not size:
                self._lose(member)
                continue
            member.texts += buffer.count(MARK, 0, size)
            if member.listener is not None:
                member.listener(bytes(memoryview(buffer)[:size]))
            if pings is not None and pings.may_be_in(buffer, size, descriptor):
                pings.look(descriptor, bytes(memoryview(buffer)[:size]), member.socket.send)
        self.after_turn()

    def turn_until(self, condition: Callable[[], bool], within_s: float) -> bool:
        """Turn until the condition holds or the time is over; return whether it holds."""
        end = time.monotonic() + within_s
        while not (holds := condition()) and (left := end - time.monotonic()) > 0:
            self.turn(left)
        return holds

    def write(self, member: Member, data: bytes) -> None:
        """Send all of it, reading meanwhile where the kernel does not take it at once."""
        while data and member.lives:
            try:
                data = data[member.socket.send(data) :]
            except BlockingIOError:
                self.turn(0.001)
            except OSError:
                self._lose(member)

    def counts(self) -> list[int]:
        """Return how many texts each member has received so far."""
        return [member.texts for member in self.members]

    def listen(
        self, members: Iterable[Member], listener: Callable[[], Callable[[bytes], None]]
    ) -> None:
        """Give each of them a listener of its own."""
        for member in members:
            member.listener = listener()

    def deafen(self) -> None:
        """Take all listeners away."""
        for member in self.members:
            member.listener = None

    @property
    def lost_members(self) -> int:
        """How many connections the target has ended."""
        return sum(not member.lives for member in self.members)

    def is_over(self) -> bool:
        """Whether the target has ended all connections."""
        return self.lost_members == len(self.members)

    def close(self) -> None:
        """End all connections."""
        for member in self.members:
            member.socket.close()
        self._epoll.close()

    def _lose(self, member: Member) -> None:
        if member.lives:
            member.lives = False
            self._epoll.unregister(member.socket.fileno())


def nothing_more() -> None:
    """Do nothing after a turn."""


def is_ready(file: HasFileno, event: int, within_s: float = 0.0) -> bool:
    """Whether a descriptor, of whatever number, is ready for what is asked."""
    poll = select.poll()
    poll.register(file, event)
    return bool(poll.poll(within_s * 1_000))


def missing(before: Sequence[int], after: Sequence[int], expected: Sequence[int]) -> int:
    """Return how many texts did not come, over all members."""
    return sum(max(0, e - (a - b)) for b, a, e in zip(before, after, expected, strict=True))
