"""A listener on the reactor: the server's end of each connection is a ``Client`` like any other.

What comes is kept and counted, and not recognised: whoever plays a server knows beforehand what its
client will say.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.clients.client import Client
from harness.clients.reactor import Reactor
from harness.expect import Event
from harness.history import History

SERVER = "server"
"""The name under which what it does is in the history."""


@dataclass(slots=True)
class Nothing:
    """What is left unexplained where nothing is to be explained."""

    pieces: list[str] = field(default_factory=list)
    is_flood: bool = False


@dataclass(slots=True)
class Unrecognising:
    """A recogniser of nothing."""

    unexplained: Nothing = field(default_factory=Nothing)
    encoding: str = "utf-8"

    def feed(self, data: bytes, at_s: float) -> list[Event]:
        """Recognise nothing."""
        return []

    def settle(self, now_s: float) -> list[Event]:
        """Wait for nothing."""
        return []

    def rest(self) -> str:
        """Keep nothing."""
        return ""


def server_end(sock: socket.socket, reactor: Reactor, history: History) -> Client:
    """Return the server's end of a connection as a client, which is read from now on."""
    return Client(SERVER, sock, Unrecognising(), reactor, history)


class Listener:
    """A listening socket; ``on_accept`` is given each connection that it takes."""

    def __init__(
        self,
        listening: socket.socket,
        reactor: Reactor,
        history: History,
        on_accept: Callable[[socket.socket], None],
    ) -> None:
        """Take over a socket that listens, and begin to accept."""
        self._socket = listening
        self._reactor = reactor
        self._history = history
        self._on_accept = on_accept
        listening.setblocking(False)
        reactor.watch(listening.fileno(), selectors.EVENT_READ, self._accept)

    def close(self) -> None:
        """Listen no more; connections that were taken go on."""
        if self._socket.fileno() >= 0:
            self._reactor.forget(self._socket.fileno())
            self._socket.close()

    def _accept(self, _mask: int) -> None:
        try:
            sock, (host, port) = self._socket.accept()
        except OSError:
            return  # it is gone again
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._history.record(SERVER, "=", f"accepted a connection from {host}:{port}")
        self._on_accept(sock)
