"""The server: accepts connections, and puts the parts together.

Owns the listening socket and the accept loop, which runs in the main thread. A connection gets a
seat, a peer and a reader of its own (7.3, RF-003, RF-026); without a seat, or when the system has
no thread left, it is refused at the doorstep (7.1).

Law: nothing that a connection does, and no shortage, ends this loop or makes it spin; only `stop`
ends it (section 8).
"""

import socket
from selectors import EVENT_READ, DefaultSelector
from threading import BoundedSemaphore, Thread

from chat.config import SCREEN_FLUSH_S, Settings
from chat.dispatcher import Dispatcher
from chat.doorstep import Doorstep
from chat.inbox import Arrived, Inbox, Stop, Wake
from chat.journal import Journal
from chat.keepalive import Keepalive
from chat.listener import listen
from chat.logerror import LogError
from chat.logfile import LogFile
from chat.peer import Peer
from chat.prober import Prober
from chat.protocol import clean
from chat.reader import start_reader
from chat.screen import Screen
from chat.spare import EXHAUSTED, Spare


class CannotLogError(Exception):
    """The log cannot be had; the text says why and what to do, in the user's language."""


class Server:
    """One chat server; it listens from its beginning, and takes connections while it serves.

    Serves once. Whoever connects before `serve` waits in the system's queue.
    """

    def __init__(self, settings: Settings, screen_descriptor: int) -> None:
        """Take the address, then the log. Raises CannotListenError or CannotLogError."""
        self._listener = listen(settings)
        try:
            log = _open_log(settings)
        except CannotLogError:
            self._listener.close()
            raise
        self._is_stopping = False
        self._is_done = False
        self._screen = Screen(screen_descriptor, settings.bounds.screen_bytes)
        self._inbox = Inbox()
        self._wake = Wake()
        self._spare = Spare()
        self._prober = Prober(Keepalive(settings.bounds.vanished_s))
        self._seats = BoundedSemaphore(settings.bounds.max_clients)
        self._selector = DefaultSelector()
        self._doorstep = Doorstep(self._selector, settings.bounds)
        self._journal = Journal(
            log, settings.bounds.log_rows, settings.logs_private_texts, self._tell
        )
        self._dispatcher = Dispatcher(
            self._inbox, self._seats, self._journal, self._screen.show, settings.bounds
        )

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens: the real port, also when any was asked for."""
        host, port = self._listener.getsockname()
        return host, port

    @property
    def bell(self) -> int:
        """A byte written here makes `serve` look whether it is to end: signal.set_wakeup_fd."""
        return self._wake.bell

    def serve(self) -> bool:
        """Serve until `stop`, then let everybody go in order. False: the dispatcher broke down."""
        dispatching = Thread(target=self._dispatch, name="despacho", daemon=True)
        dispatching.start()
        self._prober.start()
        self._screen.show("pronto em {}:{}\n".format(*self.address).encode())
        self._selector.register(self._wake, EVENT_READ, self._wake_up)
        self._selector.register(self._listener, EVENT_READ, self._accept)
        while not self._is_stopping:
            for key, _ in self._selector.select(self._doorstep.until_next_s()):
                key.data(key.fileobj)
            self._doorstep.sweep()
        self._listener.close()
        self._inbox.post(Stop())
        dispatching.join()
        self._close()
        return self._is_done

    def stop(self) -> None:
        """End `serve`. Any thread may call it, and a signal handler."""
        self._is_stopping = True
        self._wake.ring()

    def _dispatch(self) -> None:
        try:
            self._dispatcher.run()
            self._is_done = True
        finally:
            self.stop()  # a server without a dispatcher would be mute: better none

    def _tell(self, what: str) -> None:
        """Tell the operator about the log."""
        self._screen.show(f"! registro: {clean(what)}\n".encode(errors="replace"))

    def _wake_up(self, wake: Wake) -> None:
        wake.clear()

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, address = listener.accept()
        except OSError as error:  # mostly a connection that has gone meanwhile
            if error.errno in EXHAUSTED:
                self._spare.shed(listener)
            return
        if not self._seats.acquire(blocking=False):
            self._doorstep.admit(connection)
            return
        self._seat(Peer(connection, address), connection)

    def _seat(self, peer: Peer, connection: socket.socket) -> None:
        try:
            start_reader(peer, self._inbox)
        except (RuntimeError, MemoryError):  # no thread left
            self._seats.release()
            self._doorstep.admit(connection)
        else:
            self._inbox.post(Arrived(peer))
            self._prober.add(connection)

    def _close(self) -> None:
        """Give everything back."""
        self._prober.stop()
        self._journal.close()
        self._doorstep.clear()
        self._selector.close()
        self._spare.close()
        self._wake.close()
        self._inbox.wake.close()
        self._screen.close(SCREEN_FLUSH_S)


def _open_log(settings: Settings) -> LogFile | None:
    try:
        return LogFile(settings.log) if settings.log else None
    except LogError as error:
        raise CannotLogError(
            f"não foi possível abrir o registro {settings.log}: {error}; "
            "escolha outro arquivo com --log, ou desligue o registro com --no-log"
        ) from error
