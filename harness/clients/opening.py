"""A connection that is being opened: begun now, taken when the other end's kernel has agreed.

Several can be under way at once, and none of them blocks the reactor.
"""

from __future__ import annotations

import errno
import selectors
import socket
from collections.abc import Callable

from harness.clients.reactor import Reactor
from harness.deadline import Deadline

Preparation = Callable[[socket.socket], None]


class Opening:
    """One attempt to connect. Use ``take`` or ``close`` on every path; nobody carries it."""

    link = None

    def __init__(
        self,
        address: tuple[str, int],
        reactor: Reactor,
        prepare: Preparation | None = None,
        make: Callable[[], socket.socket] = socket.socket,
    ) -> None:
        """Send the first segment; ``prepare`` sees the socket before, which ``make`` has made."""
        self._address = address
        self._reactor = reactor
        self._socket = make()
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if prepare is not None:
            prepare(self._socket)
        self._problem = self._socket.connect_ex(address)
        if not self.is_over:
            reactor.watch(self._socket.fileno(), selectors.EVENT_WRITE, self._decided)

    @property
    def is_over(self) -> bool:
        """Whether it has succeeded or failed."""
        return self._problem != errno.EINPROGRESS

    def take(self, deadline: Deadline) -> socket.socket:
        """Wait for the connection and hand it over.

        Raises:
            OSError: refused, unreachable, or not accepted by the kernel before the deadline.
        """
        self._reactor.pump(lambda: self.is_over, deadline)
        if not self.is_over or self._problem:
            problem = self._problem if self.is_over else errno.ETIMEDOUT
            self.close()
            host, port = self._address
            raise OSError(problem, f"{errno.errorcode[problem]} at {host}:{port}")
        return self._socket

    def close(self) -> None:
        """Give it up."""
        self._reactor.forget(self._socket.fileno())
        self._socket.close()

    def _decided(self, _mask: int) -> None:
        self._problem = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        self._reactor.forget(self._socket.fileno())
