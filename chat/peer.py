"""One connection, as the dispatcher sees it: where its bytes go, and how it ends.

Owns the socket, the outbox and the gate between the two threads that share them.

Laws. The socket stays blocking for its reader; the dispatcher sends with MSG_DONTWAIT. Only the
reader closes it (`close` would not wake a thread blocked in `recv`, and its number could be
somebody else's by then); everybody else calls `shutdown`. The reader passes the gate before each
parcel it posts, and the dispatcher opens it when the parcel before is done with: so no client ever
has more than one parcel waiting, and no socket is closed while it can still be written to.
"""

import socket
from contextlib import suppress
from threading import Lock
from time import monotonic

from chat.outbox import Outbox


class Peer:
    """A client's connection."""

    def __init__(self, connection: socket.socket, address: tuple[str, int]) -> None:
        self.gate = Lock()
        self.gate.acquire()  # closed until the dispatcher knows of the arrival
        self.address = "{}:{}".format(*address)
        self.arrived_s = monotonic()
        self.is_deaf = False  # its lines count no more; the reader goes on to the end of input
        self.is_cut = False  # its reader is to end at once
        self.has_ended = False  # its reader has ended, and waits for leave to close
        self.is_finished = False  # nothing more will be written
        self._socket = connection
        self._outbox = Outbox()

    def fileno(self) -> int:
        """What a selector waits for."""
        return self._socket.fileno()

    # The reader's side.

    def receive(self, limit_bytes: int) -> bytes:
        """Wait for bytes; empty at the end of input."""
        return self._socket.recv(limit_bytes)

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()

    # The dispatcher's side.

    @property
    def outbox_bytes(self) -> int:
        """How much waits to be sent."""
        return self._outbox.size_bytes

    @property
    def waiting_since_s(self) -> float:
        """Since when; only if something waits."""
        return self._outbox.waiting_since_s

    def send(self, data: bytes, now_s: float) -> bool:
        """Send, or queue what the socket does not take. True if nothing waits.

        Never waits. What is gone is with the system: nobody promises that it is read (6.5).
        """
        if self.is_finished:
            return True
        if self._outbox.size_bytes:
            self._outbox.put(memoryview(data), now_s)
            return False
        try:
            sent = self._socket.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.abandon()
            return True
        if sent == len(data):
            return True
        self._outbox.put(memoryview(data)[sent:], now_s)
        return False

    def flush(self) -> None:
        """Send what waits, as far as the socket takes it."""
        try:
            self._outbox.sent(self._socket.sendmsg(self._outbox.head(), [], socket.MSG_DONTWAIT))
        except BlockingIOError:
            return
        except OSError:
            self.abandon()

    def finish(self) -> None:
        """Nothing more will be written: tell the client so, and let it go on writing."""
        self.is_finished = True
        self._shut(socket.SHUT_WR)

    def cut(self, last_words: bytes = b"") -> None:
        """End it now. The last words are sent if there is room for them."""
        self.is_deaf = self.is_cut = True
        if last_words and not self.is_finished:
            with suppress(OSError):
                words = self._outbox.line_under_way() + last_words
                self._socket.send(words, socket.MSG_DONTWAIT)
        self.abandon()

    def abandon(self) -> None:
        """Write no more; wake the reader, which still passes on what had arrived whole."""
        self.is_finished = True
        self._outbox.clear()
        self._shut(socket.SHUT_RDWR)

    def _shut(self, how: int) -> None:
        with suppress(OSError):  # the connection may be gone already
            self._socket.shutdown(how)
