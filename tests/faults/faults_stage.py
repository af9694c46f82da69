"""What the tests of faults are made of: a link between two plain sockets, and a place on paper."""

from __future__ import annotations

import contextlib
import errno
import heapq
import itertools
import selectors
import socket
import struct
from collections.abc import Callable

from harness.clients.reactor import Reactor
from harness.deadline import Deadline
from harness.faults.link.direction import Direction
from harness.faults.link.fault import Close, Fault
from harness.faults.link.link import Link, pair
from harness.targets.network import Network

HERE = Network()
PATIENCE_S = 20.0
"""A test that waits this long has failed; none waits for it when all is well."""


class End:
    """One end of the link: reads on the reactor what comes, and tells how it ended."""

    def __init__(self, sock: socket.socket, reactor: Reactor) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = sock
        self.reads: list[bytes] = []
        self.ended: str | None = None
        self._reactor = reactor
        self.resume()

    @property
    def received(self) -> bytes:
        return b"".join(self.reads)

    def send(self, data: bytes | memoryview) -> int:
        """Send what the kernel takes now; return how much that was."""
        with contextlib.suppress(OSError):
            return self.socket.send(data)
        return 0

    def half_close(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        self.pause()
        self.socket.close()

    def pause(self) -> None:
        """Read nothing more."""
        if self.socket.fileno() >= 0:
            self._reactor.forget(self.socket.fileno())

    def resume(self) -> None:
        self._reactor.watch(self.socket.fileno(), selectors.EVENT_READ, self._read)

    def _read(self, _mask: int) -> None:
        try:
            data = self.socket.recv(1 << 16)
        except OSError as error:
            self._end(errno.errorcode[error.errno or 0])
            return
        if data:
            self.reads.append(data)
        else:
            self._end("FIN")

    def _end(self, how: str) -> None:
        self.ended = how
        self.pause()


class Stage:
    """A client and a target, both plain sockets, and the link between them, on one reactor."""

    def __init__(self) -> None:
        self.reactor = Reactor()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            far = socket.create_connection(listener.getsockname())
            target, _ = listener.accept()
        client_end, near = pair(HERE.socket)
        self.link = Link(near, far, self.reactor, peek_near=HERE.peer_row, peek_far=HERE.peer_row)
        self.client = End(client_end, self.reactor)
        self.target = End(target, self.reactor)

    def way(self, name: str) -> tuple[End, End, Direction]:
        """Return the sender, the receiver and the direction between them."""
        if name == "upstream":
            return self.client, self.target, self.link.upstream
        return self.target, self.client, self.link.downstream

    def pump(self, until: Callable[[], bool]) -> None:
        """Turn the reactor until the condition holds."""
        assert self.reactor.pump(until, Deadline.after(PATIENCE_S))

    def turn(self, times: int = 1) -> None:
        for _ in range(times):
            self.reactor.turn(0.0)

    def let_fall_due(self, seconds: float) -> None:
        """Turn until everything that falls due within so many seconds has been called."""
        over = list[bool]()
        self.reactor.later(seconds, lambda: over.append(True))
        self.pump(lambda: bool(over))

    def close(self) -> None:
        for end in (self.client, self.target):
            end.close()
        self.link.close()
        self.reactor.close()


class Paper:
    """A place without sockets, with a clock that the test moves; it writes down what comes out.

    Its receiver has read everything a millisecond after it came.
    """

    READ_S = 0.001

    def __init__(self, fault: Fault) -> None:
        self.log: list[tuple[float, bytes | Close]] = []
        self.fault = fault
        self.has_receiver = True
        self._now_s = 0.0
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        fault.attach(self)

    def run(self, pieces: list[bytes], gap_s: float) -> list[tuple[float, bytes | Close]]:
        """Send pieces with gaps between them, then half-close, and wait a minute."""
        for piece in pieces:
            self.fault.on_data(piece)
            self.advance(gap_s)
        self.fault.on_close(Close.HALF)
        self.advance(60.0)
        return self.log

    def advance(self, seconds: float) -> None:
        end_s = self._now_s + seconds
        while self._timers and self._timers[0][0] <= end_s:
            self._now_s, _, call = heapq.heappop(self._timers)
            call()
        self._now_s = end_s

    @property
    def data(self) -> bytes:
        return b"".join(item for _, item in self.log if not isinstance(item, Close))

    def pass_on(self, data: bytes) -> None:
        self.log.append((round(self._now_s, 6), data))

    def close(self, how: Close) -> None:
        self.log.append((round(self._now_s, 6), how))

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        heapq.heappush(self._timers, (self._now_s + seconds, next(self._numbers), call))

    def now_s(self) -> float:
        return self._now_s

    def sender(self) -> None:
        return None

    def receiver(self) -> None:
        return None

    def unread_bytes(self) -> int | None:
        if not self.has_receiver:
            return None
        last_s, last = self.log[-1]
        is_read = self._now_s - last_s >= self.READ_S or isinstance(last, Close)
        return 0 if is_read else len(last)

    def lose_all_that_comes(self, *, on: bool) -> None:
        """Nothing comes from anywhere."""
