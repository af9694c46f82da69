"""How a peer that has vanished without a word is found (6.4, 10.4); see tcp(7).

Owns the options of a socket that both ends share.
"""

import socket


def find_the_vanished(sock: socket.socket, vanished_s: float) -> None:
    """End the connection when the peer acknowledges nothing for so long; and send without delay.

    Who says nothing is probed from half of that time on, every tenth of it, but no more often than
    once a second: of 10 s five probes must be lost, of 2 s a single one is enough. And probes are
    lost, also on one machine: a burst to thousands overflows the queue of its loopback.

    A listener gives these options to every connection that it accepts.
    """
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in {
        socket.TCP_NODELAY: 1,
        socket.TCP_KEEPIDLE: max(1, int(vanished_s / 2)),
        socket.TCP_KEEPINTVL: max(1, int(vanished_s / 10)),
        socket.TCP_USER_TIMEOUT: max(1, int(vanished_s * 1_000)),
    }.items():
        sock.setsockopt(socket.IPPROTO_TCP, option, value)
