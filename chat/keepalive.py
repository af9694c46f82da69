"""How a peer that has vanished without a word is found (6.4, 10.4); see tcp(7).

Owns the options of a socket that both ends share. Who says nothing is asked for a sign of life
before its time is over: five times, a tenth of that time apart, or a second. Who answers none of
them is given up. (A time of less than two seconds is exceeded: the system counts silence in whole
ones.)

A client lets the system ask. A server must not: after a message to all, thousands of connections
have been silent since the same moment, so the system asks them all at the same moment as well; the
queue of a network device takes a thousand packets, and those who were never asked are given up. So
it asks by itself (prober).
"""

import socket
import struct
from contextlib import suppress

from chat.config import QUESTION_PAUSE_S, QUESTIONS

_NEVER_S = 32_767  # the most that tcp(7) takes

# struct tcp_info of linux/tcp.h: the segments sent and not acknowledged; the milliseconds since
# data and since an acknowledgement came; the bytes not sent yet.
_INFO = struct.Struct("=24xI24xII84xI")


def question_pause_s(vanished_s: float) -> float:
    """How long who was asked has time for the answer, before it is asked again."""
    return min(QUESTION_PAUSE_S, vanished_s / (2 * QUESTIONS))


def let_the_system_ask(sock: socket.socket, vanished_s: float) -> None:
    """End the connection when the peer acknowledges nothing for so long; and send without delay."""
    _set(sock, socket.TCP_USER_TIMEOUT, max(1, int(vanished_s * 1_000)))
    _ask_after(sock, _silent_s(vanished_s), max(1, int(question_pause_s(vanished_s))))


def leave_asking_to_us(listener: socket.socket) -> None:
    """Let nobody who connects be asked by the system alone; and send without delay."""
    _ask_after(listener, _NEVER_S, _NEVER_S)


def ask_if_silent(connection: socket.socket, vanished_s: float) -> None:
    """Ask the peer for a sign of life, if it has been silent for most of its time.

    Call it once in every `question_pause_s`. Who owes an acknowledgement is not asked: the system
    sends again what was lost, and TCP_USER_TIMEOUT tells when to give up. Otherwise the system asks
    at once, for TCP_KEEPIDLE has passed when it is set, and gives up when it should ask once more.
    """
    with suppress(OSError):  # it may be gone already
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO.size)
        unacknowledged, data_ms, acknowledgement_ms, unsent = _INFO.unpack(info)
        if min(data_ms, acknowledgement_ms) < _silent_s(vanished_s) * 1_000:
            return
        if unacknowledged or unsent:
            _set(connection, socket.TCP_USER_TIMEOUT, max(1, int(vanished_s * 1_000)))
        else:
            _set(connection, socket.TCP_USER_TIMEOUT, 0)  # it would count instead of the questions
            _set(connection, socket.TCP_KEEPIDLE, _silent_s(vanished_s))


def _silent_s(vanished_s: float) -> int:
    """How long a silence is of no interest."""
    return max(1, int(vanished_s - QUESTIONS * question_pause_s(vanished_s)))


def _ask_after(sock: socket.socket, silent_s: int, pause_s: int) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    _set(sock, socket.TCP_NODELAY, 1)
    _set(sock, socket.TCP_KEEPIDLE, silent_s)
    _set(sock, socket.TCP_KEEPINTVL, pause_s)
    _set(sock, socket.TCP_KEEPCNT, QUESTIONS)


def _set(sock: socket.socket, option: int, value: int) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, option, value)
