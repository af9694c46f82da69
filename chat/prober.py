"""Who is silent is asked whether it is still there (6.4).

Owns the thread that asks, and the connections in the order of their turn. A few are asked at a
time, so that the questions are spread over the time that there is for them (keepalive says why).

Laws: it only looks at a socket and sets its options; whom the system has given up, its reader
finds. Nothing ends the thread but `stop`.
"""

import socket
from collections import deque
from contextlib import suppress
from threading import Event, Thread
from time import monotonic

from chat.config import ASKED_TOGETHER_MAX
from chat.keepalive import Keepalive


class Prober:
    """The thread, from `start` to `stop`."""

    def __init__(self, keepalive: Keepalive) -> None:
        self._keepalive = keepalive
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
        before_s = monotonic()
        while not self._is_stopped.wait(self._until_next_s()):
            now_s = monotonic()
            for _ in range(self._due(now_s - before_s)):
                with suppress(MemoryError):  # the next time, then
                    self._ask_next()
            before_s = now_s

    def _until_next_s(self) -> float:
        """Until the next few: half of those that may be asked together, so late is not too many."""
        turns = max(1.0, 2 * len(self._connections) / ASKED_TOGETHER_MAX)
        return self._keepalive.pause_s / turns

    def _due(self, passed_s: float) -> int:
        """How many have their turn: everybody once in every pause between questions."""
        share = min(1.0, passed_s / self._keepalive.pause_s)
        return min(ASKED_TOGETHER_MAX, round(share * len(self._connections)))

    def _ask_next(self) -> None:
        connection = self._connections.popleft()
        if connection.fileno() >= 0:
            self._connections.append(connection)
            self._keepalive.ask_if_silent(connection)
