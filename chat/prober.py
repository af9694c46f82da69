"""Who is silent is asked whether it is still there (6.4).

Owns the thread that asks, and the connections in the order of their turn. A few are asked at a
time, so that the questions are spread over the time that there is for them (keepalive says why).

Law: it only looks at a socket and sets its options; whom the system has given up, its reader finds.
"""

import socket
from collections import deque
from threading import Event, Thread

from chat.config import ASKED_TOGETHER
from chat.keepalive import ask_if_silent, question_pause_s


class Prober:
    """The thread, from `start` to `stop`."""

    def __init__(self, vanished_s: float) -> None:
        self._vanished_s = vanished_s
        self._connections: deque[socket.socket] = deque()
        self._is_stopped = Event()
        self._thread = Thread(target=self._run, name="sondagem", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def add(self, connection: socket.socket) -> None:
        """Ask this one as well, until it is closed."""
        self._connections.append(connection)

    def stop(self) -> None:
        """Ask nobody any more."""
        self._is_stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_stopped.wait(self._pause_s()):
            for _ in range(min(ASKED_TOGETHER, len(self._connections))):
                self._ask_next()

    def _ask_next(self) -> None:
        connection = self._connections.popleft()
        if connection.fileno() >= 0:
            ask_if_silent(connection, self._vanished_s)
            self._connections.append(connection)

    def _pause_s(self) -> float:
        """Until the next few: everybody has its turn once in every pause between questions."""
        turns = max(1.0, len(self._connections) / ASKED_TOGETHER)
        return question_pause_s(self._vanished_s) / turns
