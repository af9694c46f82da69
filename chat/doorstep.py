"""The doorstep: connections that are refused because the server is full (7.1).

Owns them until they have read why. They are told, our end is closed, what they say is read and
thrown away for a while (otherwise a reset would destroy the refusal), then they are closed. They
get no thread; their number is bounded, the oldest goes first.
"""

import socket
from contextlib import suppress
from selectors import EVENT_READ, BaseSelector
from time import monotonic

from chat import protocol
from chat.config import RECEIVE_BYTES, Bounds
from chat.protocol import Code


def refuse(connection: socket.socket) -> None:
    """Say why, and that nothing more will come."""
    with suppress(OSError):  # it may be gone already
        connection.send(protocol.error(Code.SERVER_FULL), socket.MSG_DONTWAIT)
        connection.shutdown(socket.SHUT_WR)


class Doorstep:
    """The refused, in the accept loop's selector."""

    def __init__(self, selector: BaseSelector, bounds: Bounds) -> None:
        self._selector = selector
        self._bounds = bounds
        self._until_s: dict[socket.socket, float] = {}

    def admit(self, connection: socket.socket) -> None:
        """Refuse a connection in order."""
        refuse(connection)
        try:
            self._selector.register(connection, EVENT_READ, self._drain)
        except OSError:  # the system has no memory for that
            connection.close()
            return
        self._until_s[connection] = monotonic() + self._bounds.drain_s
        if len(self._until_s) > self._bounds.lingering_max:
            self._close(next(iter(self._until_s)))

    def until_next_s(self) -> float | None:
        """How long until somebody has lingered enough; None if nobody is here."""
        earliest_s = next(iter(self._until_s.values()), None)
        return None if earliest_s is None else max(0.0, earliest_s - monotonic())

    def sweep(self) -> None:
        """Close those that have lingered enough."""
        now_s = monotonic()
        for connection in [each for each, until_s in self._until_s.items() if until_s <= now_s]:
            self._close(connection)

    def clear(self) -> None:
        """Close them all."""
        for connection in list(self._until_s):
            self._close(connection)

    def _drain(self, connection: socket.socket) -> None:
        if connection not in self._until_s:  # closed earlier in the same round
            return
        try:
            is_over = not connection.recv(RECEIVE_BYTES, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            is_over = True
        if is_over:
            self._close(connection)

    def _close(self, connection: socket.socket) -> None:
        del self._until_s[connection]
        self._selector.unregister(connection)
        connection.close()
