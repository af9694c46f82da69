"""A virtual client: one real socket, what it wrote, and everything it was sent.

It knows how to write and to read, not what a scenario means by it: operations and checks are
the room's. What it received is read by the dialect (events), by the tally (nonces in the raw
bytes) and by the history.
"""

from __future__ import annotations

import errno
import fcntl
import selectors
import socket
import struct
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, Self

from harness.clients.reactor import Reactor
from harness.clients.tally import Tally
from harness.deadline import Deadline
from harness.expect import Event, Kind
from harness.history import History

READ_BYTES = 65_536
MOST_BYTES = 32 << 20
"""A connection that was sent more than this is a flood, and is not read any further."""
MOST_READS = 100
"""So often in a row the input is read to find it empty, beside a target that never stops."""
SETTLED_S = 0.2
"""After so long without a byte no dialect waits any more before it recognises the last."""
LINGERING_S = 1.0
"""How long after our FIN the other end may take to close before we close all the same."""
KEPT_BYTES = 65_536
"""How much of what was received is kept for the ``expect`` steps of an operation."""


class Unexplained(Protocol):
    """What a recogniser could not explain."""

    pieces: list[str]

    @property
    def is_flood(self) -> bool:
        """Whether recognition was given up."""


class Carrier(Protocol):
    """What carries a connection between the client's socket and the target's."""

    ours: tuple[str, int]
    theirs: tuple[str, int]

    @property
    def is_carrying(self) -> bool:
        """Whether something that the client wrote has not come to the target's kernel yet."""


class Opens(Protocol):
    """A connection that is being opened. When it is taken ``link`` is what carries it, if any."""

    @property
    def link(self) -> Carrier | None:
        """What carries it."""

    def take(self, deadline: Deadline) -> socket.socket:
        """Wait for it and hand it over."""


class Recogniser(Protocol):
    """What a client needs of a dialect to read."""

    encoding: str

    @property
    def unexplained(self) -> Unexplained:
        """What no template explained."""

    def feed(self, data: bytes, at_s: float) -> list[Event]:
        """Take received bytes, return events."""

    def settle(self, now_s: float) -> list[Event]:
        """Return events that were waiting for quiet."""

    def rest(self) -> str:
        """Return what came last and is not explained yet."""


class Client:
    """One connection of one virtual person. Not thread-safe: it lives on its reactor.

    ``ended`` is None while the connection lives, then how its receiving half ended: "FIN", or
    the name of the error, such as "ECONNRESET". Bytes received before that stay readable.
    ``ours`` and ``theirs`` are the addresses of the connection with the target, whoever carries it.
    With ``closes_with_the_other`` it then closes its own end, as whoever has said goodbye does.
    """

    def __init__(
        self,
        name: str,
        sock: socket.socket,
        recogniser: Recogniser,
        reactor: Reactor,
        history: History,
    ) -> None:
        """Take over a connected, non-blocking socket and begin to read."""
        self.name = name
        self.events: list[Event] = []
        self.tally = Tally(recogniser.encoding)
        self.received = bytearray()
        self.ended: str | None = None
        self.ours: tuple[str, int] = sock.getsockname()[:2]
        self.theirs: tuple[str, int] = sock.getpeername()[:2]
        self.on_event: Callable[[Client, Event], None] | None = None
        self.last_received_s = 0.0
        self.closes_with_the_other = False
        self._has_departed = False
        self._carrier: Carrier | None = None
        self._socket: socket.socket | None = sock
        self._unsent = bytearray()
        self._reads = True
        self._recogniser = recogniser
        self._reactor = reactor
        self._history = history
        self._watch()

    def __repr__(self) -> str:
        return f"<Client {self.name}{' ' + self.ended if self.ended else ''}>"

    @classmethod
    def connect(
        cls,
        name: str,
        opening: Opens,
        recogniser: Recogniser,
        reactor: Reactor,
        history: History,
        deadline: Deadline,
    ) -> Self:
        """Take a connection over as soon as it is open.

        Raises:
            OSError: refused, unreachable, or not accepted by the kernel before the deadline.
        """
        client = cls(name, opening.take(deadline), recogniser, reactor, history)
        if carrier := opening.link:
            client._carrier, client.ours, client.theirs = carrier, carrier.ours, carrier.theirs
        history.record(name, "=", f"connected to {client.theirs[0]}:{client.theirs[1]}")
        return client

    @property
    def unexplained(self) -> list[str]:
        """What no template of the dialect explained, oldest first."""
        return self._recogniser.unexplained.pieces

    @property
    def unsettled(self) -> str:
        """What came last and nothing has matched: without framing more may belong to it."""
        return self._recogniser.rest()

    @property
    def unmatched(self) -> str:
        """All that nothing has matched, what came last included."""
        return "\n".join([*self.unexplained, self.unsettled]).strip()

    @property
    def flooded(self) -> bool:
        """Whether so much was unexplained that recognition stopped."""
        return self._recogniser.unexplained.is_flood

    @property
    def is_open(self) -> bool:
        """Whether both halves of the connection live."""
        return self.ended is None and not self._has_departed

    @property
    def is_exhausted(self) -> bool:
        """Whether nothing more will be seen: it has ended, and what waited for quiet has come."""
        quiet_s = time.monotonic() - self.last_received_s
        return self.ended is not None and quiet_s > SETTLED_S

    @property
    def has_unsent(self) -> bool:
        """Whether something written has not come to the target's kernel yet."""
        return bool(self._unsent) or (self._carrier is not None and self._carrier.is_carrying)

    def write(self, data: bytes) -> None:
        """Send bytes; what the kernel does not take now is sent as the reactor turns."""
        self._history.record(self.name, ">", data)
        self._unsent += data
        self._flush()

    def first(self, matches: Callable[[Event], bool], after: int = 0) -> Event | None:
        """Return the first event from number ``after`` on that matches."""
        return next((event for event in self.events[after:] if matches(event)), None)

    def has(self, kind: Kind) -> bool:
        """Whether an event of this kind was received."""
        return any(event.kind is kind for event in self.events)

    def settle(self) -> None:
        """Let the dialect finish what was waiting for a moment of quiet."""
        for event in self._recogniser.settle(self._history.now_s()):
            self._take(event)

    def mark(self) -> int:
        """Return a place in what was received, for ``text_since``."""
        return self.tally.total_bytes

    def text_since(self, mark: int, encoding: str = "utf-8") -> str:
        """Return what was received after a mark, as far as it is kept; any byte survives."""
        new = self.tally.total_bytes - mark
        return bytes(self.received[-new:] if new else b"").decode(encoding, "surrogateescape")

    def unread_bytes(self) -> int:
        """Return how many bytes wait in the kernel's receive queue of this socket."""
        queue = fcntl.ioctl(self.socket, termios.FIONREAD, bytes(4))
        return int(struct.unpack("i", queue)[0])

    @property
    def socket(self) -> socket.socket:
        """The socket itself, for what is done to it by a way of leaving."""
        if self._socket is None:
            raise ValueError(f"{self.name} has no socket any more")
        return self._socket

    def stop_reading(self) -> None:
        """Leave what comes from now on in the kernel; what is written still goes out."""
        self._reads = False
        self._watch()

    def resume_reading(self) -> None:
        """Read again what comes, and what has come meanwhile."""
        self._reads = True
        self._watch()

    def catch_up(self) -> bool:
        """Read what has come, unless told not to; return whether nothing was left at a moment.

        What came is understood only afterwards: that takes time, in which more may come.
        """
        came = bytearray()
        for _ in range(MOST_READS):
            if self._reads and self.ended is None:
                came += self._receive()
            if is_read_out := self.unread_bytes() == 0:
                break
        self._understand(bytes(came))
        return is_read_out

    def abandon(self) -> None:
        """Do nothing more with the connection, which stays open until it is closed."""
        self._reactor.forget(self.socket.fileno())
        self.ended = self.ended or "abandoned by us"
        self._history.record(self.name, "=", "abandoned our end")

    def depart(self) -> None:
        """Send a FIN and return; read on until the other end closes, for ``LINGERING_S`` at most.

        Whatever comes to a socket that is closed is answered with an RST (RFC 1122, 4.2.2.13), and
        who left in order would have left in disorder. It is read for that alone, and forgotten: a
        server that does not understand a FIN may send without end.
        """
        if self.ended is not None:
            self.close()
        if not self.is_open:
            return
        self._has_departed = self.closes_with_the_other = True
        with suppress(OSError):  # it has been ended in this moment
            self.socket.shutdown(socket.SHUT_WR)
        self._history.record(self.name, "=", "closed our half")
        self._reactor.later(LINGERING_S, self.close)

    def close(self) -> None:
        """Close the socket now; what is unread makes the kernel send an RST."""
        if self._socket is not None:
            self._reactor.forget(self._socket.fileno())
            self._socket.close()
            self._socket = None
            self.ended = self.ended or "closed by us"
            self._history.record(self.name, "=", "closed our end")

    def _watch(self) -> None:
        reading = selectors.EVENT_READ if self._reads else 0
        events = reading | (selectors.EVENT_WRITE if self._unsent else 0)
        if events:
            self._reactor.watch(self.socket.fileno(), events, self._ready)
        else:
            self._reactor.forget(self.socket.fileno())

    def _ready(self, mask: int) -> None:
        if mask & selectors.EVENT_WRITE:
            self._flush()
        if mask & selectors.EVENT_READ:
            self._read()

    def _flush(self) -> None:
        had_unsent = bool(self._unsent)
        try:
            while self._unsent and self._socket is not None:
                del self._unsent[: self._socket.send(self._unsent)]
        except BlockingIOError:
            pass
        except OSError as error:
            self._unsent.clear()
            self._history.record(self.name, "!", f"sending failed: {error.strerror}")
        if self._socket is not None and self.ended is None and had_unsent:
            self._watch()

    def _read(self) -> None:
        self._understand(self._receive())

    def _receive(self) -> bytes:
        """Return what has come, or nothing; take note of the end."""
        try:
            data = self.socket.recv(READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            self._end(errno.errorcode.get(error.errno or 0, str(error)))
            return b""
        if not data:
            self._end("FIN")
        return data

    def _understand(self, data: bytes) -> None:
        """Count its nonces, and keep and recognise it, unless nobody is there any more."""
        if not data or self._has_departed:
            return
        self.last_received_s = time.monotonic()
        self.tally.feed(data)
        if self.tally.total_bytes > MOST_BYTES:
            self._end(f"given up after {MOST_BYTES >> 20} MB")
            return
        self._interpret(data)

    def _interpret(self, data: bytes) -> None:
        """Keep and recognise what was received; its nonces have been counted."""
        if not self.flooded:
            self._history.record(self.name, "<", data)
        self._recognise(data)

    def _recognise(self, data: bytes) -> None:
        at_s = self._history.now_s()
        self.received = (self.received + data)[-KEPT_BYTES:]
        for event in self._recogniser.feed(data, at_s):
            self._take(event)

    def _take(self, event: Event) -> None:
        self.events.append(event)
        if self.on_event is not None:
            self.on_event(self, event)

    def _end(self, how: str) -> None:
        self.ended = how
        self._history.record(self.name, "=", f"the other end is gone: {how}")
        self._reactor.forget(self.socket.fileno())
        if self.closes_with_the_other:
            self.close()
