"""The client's end of one connection: a thread that connects and reads, and one that sends.

Owns the socket, and why it could not be had or was lost. No tkinter: the window's thread only calls
`send` and `leave`, neither of which ever waits, and looks into `happenings`.

Laws: `happenings` has one `Connected` first, if it came to that, and one `Ended` last, after all
that arrived; it is bounded, so that TCP pushes back a server that says more than can be shown.
"""

import socket
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from queue import Full, Queue
from threading import Thread

from chat.config import (
    CONNECT_S,
    HAPPENINGS_MAX,
    OUTGOING_MAX_BYTES,
    RECEIVE_BYTES,
    SILENT_S,
)
from chat.events import Event, EventDecoder
from chat.keepalive import Keepalive
from chat.outgoing import Outgoing

_LOOK_S = 0.1


class Cause(Enum):
    """Why there is no connection, or none any more (RF-007, RF-023)."""

    REFUSED = auto()
    NO_ANSWER = auto()
    UNKNOWN_HOST = auto()
    UNREACHABLE = auto()
    CLOSED = auto()
    RESET = auto()
    SILENT = auto()
    GARBAGE = auto()


@dataclass(frozen=True, slots=True)
class Connected:
    """The server has taken the connection."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one reading brought."""

    events: list[Event]


@dataclass(frozen=True, slots=True)
class Ended:
    """There is no connection, or none any more; `detail` is for people."""

    cause: Cause
    detail: str = ""


Happening = Connected | Heard | Ended


class Connection:
    """One connection, from the try to its end."""

    def __init__(self, host: str, port: int) -> None:
        """Begin to connect."""
        self.happenings: Queue[Happening] = Queue(HAPPENINGS_MAX)
        self._address = (host, port)
        self._outgoing = Outgoing(OUTGOING_MAX_BYTES)
        self._has_left = False
        self._broken: OSError | None = None
        self._thread = Thread(target=self._live, name="conexão", daemon=True)
        self._thread.start()

    def send(self, line: bytes) -> bool:
        """Whether the line will be sent: not when too much waits already."""
        return self._outgoing.put(line)

    def leave(self) -> None:
        """Send what waits, then end in order. Nothing more happens."""
        self._has_left = True
        self._outgoing.close()

    def wait(self, seconds: float) -> None:
        """Wait for the end, but no longer than this."""
        self._thread.join(seconds)

    def _live(self) -> None:
        try:
            with socket.create_connection(self._address, CONNECT_S) as sock:
                sock.settimeout(None)
                Keepalive(SILENT_S).let_the_system_ask(sock)
                self._post(Connected())
                Thread(target=self._write, args=(sock,), name="escritor", daemon=True).start()
                ended = self._read(sock)
                self._outgoing.close()
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)  # wakes a writer that waits
        except (OSError, UnicodeError) as error:
            ended = _why_not(error)
        self._post(ended)

    def _read(self, sock: socket.socket) -> Ended:
        decoder = EventDecoder()
        try:
            while data := sock.recv(RECEIVE_BYTES):
                if events := decoder.feed(data):
                    self._post(Heard(events))
                if decoder.garbage is not None:
                    return Ended(Cause.GARBAGE, decoder.garbage)
        except OSError as error:
            return _why_lost(error)
        return _why_lost(self._broken) if self._broken else Ended(Cause.CLOSED)

    def _write(self, sock: socket.socket) -> None:
        try:
            while data := self._outgoing.take():
                sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
        except OSError as error:
            self._broken = error  # the kernel tells only one of us; the reader is told by this

    def _post(self, happening: Happening) -> None:
        """Wait for room, unless nobody looks any more."""
        while not self._has_left:
            with suppress(Full):
                self.happenings.put(happening, timeout=_LOOK_S)
                return


def _why_not(error: OSError | UnicodeError) -> Ended:
    if isinstance(error, UnicodeError | socket.gaierror):
        return Ended(Cause.UNKNOWN_HOST)
    if isinstance(error, ConnectionRefusedError):
        return Ended(Cause.REFUSED)
    if isinstance(error, TimeoutError):
        return Ended(Cause.NO_ANSWER)
    return Ended(Cause.UNREACHABLE, error.strerror or str(error))


def _why_lost(error: OSError) -> Ended:
    if isinstance(error, TimeoutError):
        return Ended(Cause.SILENT)
    return Ended(Cause.RESET, error.strerror or str(error))
