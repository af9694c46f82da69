"""One of the two sockets of a link, and the end of the connection that lies behind it.

It keeps apart what TCP keeps apart: a FIN, and an RST. Two traps are closed here: a send that fails
takes the error away, and the next read would look like a FIN; and a socket that has given its FIN
is not read any more, so an RST that follows is only seen in its state. Sources: tcp(7), socket(7).
"""

from __future__ import annotations

import fcntl
import selectors
import socket
import struct
import termios
from collections.abc import Callable
from typing import Protocol

from harness.faults.dropping import drop_all, drop_nothing
from harness.faults.link.fault import Close, End

Address = tuple[str, int]
Peek = Callable[[Address, Address], End | None]
"""Finds the other end of one of our connections by our address and its own."""

READ_BYTES = 16_384
KERNEL_BYTES = 65_536
"""How much the kernel may keep for each of our sockets: more would hide that nobody reads."""
TCP_CLOSE = 7
"""No connection any more (tcp_states.h)."""


class Loop(Protocol):
    """What a link needs of the reactor."""

    def watch(self, descriptor: int, events: int, handler: Callable[[int], None]) -> None:
        """Call the handler whenever the descriptor is ready."""

    def forget(self, descriptor: int) -> None:
        """Stop watching."""

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call once, after so many seconds."""


class Endpoint:
    """Our socket towards one end.

    ``on_readable`` and ``on_writable`` are set by the directions; ``is_finished`` says that we
    have given our FIN.
    """

    def __init__(self, sock: socket.socket, loop: Loop, peek: Peek) -> None:
        """Take over a connected socket."""
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for kept in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            sock.setsockopt(socket.SOL_SOCKET, kept, KERNEL_BYTES)
        self.ours: Address = sock.getsockname()[:2]
        self.theirs: Address = sock.getpeername()[:2]
        self.on_readable: Callable[[], None] = lambda: None
        self.on_writable: Callable[[], None] = lambda: None
        self._socket = sock
        self._loop = loop
        self._peek = peek
        self._wanted = 0
        self._failed = False
        self._losers = 0
        self.is_finished = False

    @property
    def is_closed(self) -> bool:
        """Whether we have closed our socket."""
        return self._socket.fileno() < 0

    @property
    def is_reset(self) -> bool:
        """Whether the connection is gone although we have not ended our half of it."""
        return not self.is_closed and not self.is_finished and self._state() == TCP_CLOSE

    def want(self, event: int, wanted: bool) -> None:
        """Watch for ``EVENT_READ`` or ``EVENT_WRITE``, or do not."""
        events = self._wanted | event if wanted else self._wanted & ~event
        if events == self._wanted or self.is_closed:
            return
        self._wanted = events
        if events:
            self._loop.watch(self._socket.fileno(), events, self._ready)
        else:
            self._loop.forget(self._socket.fileno())

    def receive(self) -> bytes | Close | None:
        """Return what has come: bytes, a half-close or an RST; None when there is nothing yet."""
        try:
            data = self._socket.recv(READ_BYTES)
        except BlockingIOError:
            return None
        except OSError:
            return Close.RST
        if data:
            return data
        return Close.RST if self._failed else Close.HALF

    def send(self, data: bytes | bytearray) -> int:
        """Return how many bytes the kernel took; what is sent to nobody counts as taken."""
        if self.is_closed:
            return len(data)
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self._failed = True
            return len(data)

    def finish(self) -> None:
        """Send a FIN after what was sent, once; harmless when the connection is gone."""
        if self.is_finished or self.is_closed:
            return
        self.is_finished = True
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self._failed = True

    def leave(self) -> None:
        """Send a FIN and go: what comes afterwards is answered with an RST."""
        self.finish()
        if not self.is_closed:
            self._drain()
        self.close()

    def reset(self) -> None:
        """Send an RST and go."""
        if not self.is_closed:
            never = struct.pack("ii", 1, 0)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, never)
        self.close()

    def close(self) -> None:
        """Close the socket; harmless when it is closed."""
        if not self.is_closed:
            self._wanted = 0
            self._loop.forget(self._socket.fileno())
            self._socket.close()

    def peer(self) -> End | None:
        """Return the socket at the other end; None when there is none any more."""
        return self._peek(self.ours, self.theirs)

    def unacknowledged_bytes(self) -> int:
        """Return how much of what was sent the other end's kernel has not taken."""
        return 0 if self.is_closed or self.is_reset else self._queue(termios.TIOCOUTQ)

    def unread_bytes(self) -> int:
        """Return how much has come from the other end that we have not read."""
        return 0 if self.is_closed else self._queue(termios.FIONREAD)

    def lose_all_that_comes(self, on: bool) -> None:
        """Drop every segment that comes in from now on; the last who asked for it lets them in."""
        losers = self._losers + (1 if on else -1)
        if bool(losers) != bool(self._losers) and not self.is_closed:
            (drop_all if on else drop_nothing)(self._socket)
        self._losers = losers

    def _drain(self) -> None:
        """Read what the kernel may hold: what is unread would turn the close into an RST."""
        for _ in range(2 * KERNEL_BYTES // READ_BYTES + 1):
            if not isinstance(self.receive(), bytes):
                return

    def _queue(self, which: int) -> int:
        return int(struct.unpack("i", fcntl.ioctl(self._socket, which, bytes(4)))[0])

    def _state(self) -> int:
        return self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]

    def _ready(self, mask: int) -> None:
        """Handle what is still wanted: another handler of this turn may have closed us."""
        if mask & self._wanted & selectors.EVENT_WRITE:
            self.on_writable()
        if mask & self._wanted & selectors.EVENT_READ:
            self.on_readable()
