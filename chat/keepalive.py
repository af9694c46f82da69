"""How a peer that has vanished without a word is found (6.4, 10.4); see tcp(7).

Owns the options of a socket that both ends share. Who says nothing for half of its time, or until
six seconds are left of it, is asked for a sign of life, five times. Who answers none of them is
given up, within its time. (A time of less than two seconds is exceeded, because the system counts
silence in whole ones.)

A client lets the system ask. A server must not: after a message to all, thousands of connections
have been silent since the same moment, so the system asks them all in one moment as well; the
queue of a network device takes a thousand packets, and those who were never asked are given up. So
it asks by itself (prober).
"""

import socket
import struct
from contextlib import suppress
from math import ceil

from chat.config import QUESTION_PAUSE_MAX_S, QUESTION_PAUSE_MIN_S, QUESTIONS

_NEVER_S = 32_767  # the most that tcp(7) takes
_PAUSES = QUESTIONS + 1  # before each question, and after the last one

# struct tcp_info of linux/tcp.h: the segments sent and not acknowledged; the milliseconds since
# data and since an acknowledgement came; the bytes not sent yet.
_INFO = struct.Struct("=24xI24xII84xI")


class Keepalive:
    """The options for one bound: so long a peer may give no sign of life."""

    def __init__(self, vanished_s: float) -> None:
        self._vanished_ms = max(1, int(vanished_s * 1_000))
        latest_s = ceil(vanished_s - _PAUSES * QUESTION_PAUSE_MAX_S)
        self._silent_s = max(1, int(vanished_s / 2), latest_s)
        self.pause_s = max(QUESTION_PAUSE_MIN_S, (vanished_s - self._silent_s) / _PAUSES)
        """How long who was asked has time for the answer, before it is asked again."""

    def let_the_system_ask(self, sock: socket.socket) -> None:
        """Find out whether the peer is there, from now on; and send without delay."""
        self._set_up(sock, self._silent_s, max(1, int(self.pause_s)))

    def leave_asking_to_us(self, listener: socket.socket) -> None:
        """Let nobody who connects be asked, except by `ask_if_silent`; and send without delay."""
        self._set_up(listener, _NEVER_S, _NEVER_S)

    def ask_if_silent(self, connection: socket.socket) -> None:
        """Ask the peer for a sign of life, if it has been silent for long.

        To be called once in every `pause_s`, and not more often. TCP_KEEPIDLE has passed when it is
        set, so the system asks at once; where it should ask once more than QUESTIONS, it ends the
        connection. TCP_USER_TIMEOUT would do so by the time alone, also when we come late: it is
        for those who do not take what they are sent, for those are not asked.
        """
        with suppress(OSError):  # it may be gone already
            info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO.size)
            unacknowledged, data_ms, acknowledgement_ms, unsent = _INFO.unpack(info)
            silent_ms = min(data_ms, acknowledgement_ms)
            if silent_ms < self._silent_s * 1_000:
                _set(connection, socket.TCP_USER_TIMEOUT, self._vanished_ms)
            elif unacknowledged or unsent:
                # It counts from the sending: who was silent before has no time left.
                is_over = silent_ms >= self._vanished_ms
                _set(connection, socket.TCP_USER_TIMEOUT, 1 if is_over else self._vanished_ms)
            else:
                _set(connection, socket.TCP_USER_TIMEOUT, 0)
                _set(connection, socket.TCP_KEEPIDLE, self._silent_s)

    def _set_up(self, sock: socket.socket, silent_s: int, pause_s: int) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        _set(sock, socket.TCP_NODELAY, 1)
        _set(sock, socket.TCP_USER_TIMEOUT, self._vanished_ms)
        _set(sock, socket.TCP_KEEPIDLE, silent_s)
        _set(sock, socket.TCP_KEEPINTVL, pause_s)
        _set(sock, socket.TCP_KEEPCNT, QUESTIONS)


def _set(sock: socket.socket, option: int, value: int) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, option, value)
