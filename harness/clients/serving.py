"""The server's end of connections, on the reactor: a listener, and each connection that it accepts.

It knows how to accept, to read and to write, not what a scenario means by it: what is said is the
desk's. Everything that came is kept, up to a bound.
"""

from __future__ import annotations

import errno
import selectors
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.clients.reactor import Reactor
from harness.history import History

READ_BYTES = 65_536
MOST_BYTES = 4 << 20
"""A client that writes more than this is not read any further."""


class Served:
    """One accepted connection. ``ended`` is None while it lives, then how its other half ended.

    ``received`` is every byte that came; ``place`` is up to where a scenario has read.
    """

    def __init__(self, name: str, sock: socket.socket, reactor: Reactor, history: History) -> None:
        """Take over an accepted socket and begin to read."""
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()
        self.place = 0
        self.ended: str | None = None
        self._name = name
        self._socket: socket.socket | None = sock
        self._unsent = bytearray()
        self._reads = True
        self._reactor = reactor
        self._history = history
        self._watch()

    @property
    def unread(self) -> bytes:
        """What has come and no scenario has read yet."""
        return bytes(self.received[self.place :])

    @property
    def is_open(self) -> bool:
        """Whether our end is open."""
        return self._socket is not None

    @property
    def unsent_bytes(self) -> int:
        """How much the kernel has not taken yet."""
        return len(self._unsent)

    def write(self, data: bytes) -> None:
        """Send bytes, as soon as the kernel takes them."""
        self._history.record(self._name, ">", data)
        self._unsent += data
        self._flush()

    def stop_reading(self) -> None:
        """Leave what comes where it is."""
        self._reads = False
        self._watch()

    def finish(self) -> None:
        """End our half of the connection (FIN)."""
        if self._socket:
            self._socket.shutdown(socket.SHUT_WR)
            self._history.record(self._name, "=", "ended our half")

    def reset(self) -> None:
        """End the connection with an RST."""
        if self._socket:
            linger = struct.pack("ii", 1, 0)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._history.record(self._name, "=", "reset by us")
        self.close()

    def close(self) -> None:
        """Close our end."""
        if self._socket:
            self._reactor.forget(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def _watch(self) -> None:
        if not self._socket:
            return
        reads = self._reads and self.ended is None and len(self.received) < MOST_BYTES
        mask = (selectors.EVENT_READ if reads else 0) | (
            selectors.EVENT_WRITE if self._unsent else 0
        )
        if mask:
            self._reactor.watch(self._socket.fileno(), mask, self._on_ready)
        else:
            self._reactor.forget(self._socket.fileno())

    def _on_ready(self, mask: int) -> None:
        if mask & selectors.EVENT_READ:
            self._read()
        if mask & selectors.EVENT_WRITE:
            self._flush()

    def _read(self) -> None:
        assert self._socket
        try:
            data = self._socket.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._end(errno.errorcode.get(error.errno or 0, str(error)))
            return
        if not data:
            self._end("FIN")
            return
        self._history.record(self._name, "<", data)
        self.received += data
        self._watch()

    def _flush(self) -> None:
        if not self._socket:
            return
        try:
            while self._unsent:
                del self._unsent[: self._socket.send(self._unsent)]
        except BlockingIOError:
            pass
        except OSError:
            self._unsent.clear()  # the reading half tells how it ended
        self._watch()

    def _end(self, how: str) -> None:
        self.ended = how
        self._history.record(self._name, "=", f"the other end is gone: {how}")
        self._watch()


@dataclass(slots=True)
class Listener:
    """A listening socket; ``accepted`` are its connections, oldest first."""

    socket: socket.socket
    reactor: Reactor
    history: History
    accepted: list[Served] = field(default_factory=list)
    on_accept: Callable[[Served], None] = lambda _served: None

    def __post_init__(self) -> None:
        """Begin to accept."""
        self.socket.setblocking(False)
        self.reactor.watch(self.socket.fileno(), selectors.EVENT_READ, self._accept)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, port = self.socket.getsockname()[:2]
        return str(host), int(port)

    def close(self) -> None:
        """Close it and every connection."""
        self.refuse()
        for served in self.accepted:
            served.close()

    def refuse(self) -> None:
        """Listen no more; the connections go on."""
        if self.socket.fileno() >= 0:
            self.reactor.forget(self.socket.fileno())
            self.socket.close()

    def _accept(self, _mask: int) -> None:
        try:
            sock, _ = self.socket.accept()
        except OSError:
            return
        name = f"server{len(self.accepted) + 1 if self.accepted else ''}"
        served = Served(name, sock, self.reactor, self.history)
        self.history.record(name, "=", "accepted a connection")
        self.accepted.append(served)
        self.on_accept(served)
