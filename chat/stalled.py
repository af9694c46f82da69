"""The dispatcher's wait: for parcels, and for stalled sockets that take bytes again.

Owns the selector. So an outbox is flushed as soon as its socket allows, also when the room has
fallen silent.
"""

from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector

from chat.inbox import Wake
from chat.peer import Peer


class Stalled:
    """The clients whose outbox holds something, beside the dispatcher's own wake-up."""

    def __init__(self, wake: Wake) -> None:
        self._wake = wake
        self._peers: set[Peer] = set()
        self._selector = DefaultSelector()
        self._selector.register(wake, EVENT_READ)

    def watch(self, peer: Peer) -> None:
        """Flush this client's outbox when its socket takes bytes again."""
        if peer not in self._peers:
            self._peers.add(peer)
            self._selector.register(peer, EVENT_WRITE)

    def unwatch(self, peer: Peer) -> None:
        """Leave this client alone."""
        if peer in self._peers:
            self._peers.remove(peer)
            self._selector.unregister(peer)

    def wait(self, timeout_s: float | None) -> None:
        """Wait for either; flush what can be flushed."""
        for key, _ in self._selector.select(timeout_s):
            if isinstance(key.fileobj, Peer):
                self._flush(key.fileobj)
            else:
                self._wake.clear()

    def close(self) -> None:
        """Give the selector back."""
        self._selector.close()

    def _flush(self, peer: Peer) -> None:
        if peer.outbox_bytes:
            peer.flush()
        if not peer.outbox_bytes:
            self.unwatch(peer)
