"""A client that takes little at a time, so that a target soon has more for it than it takes.

An ordinary connection takes megabytes before anything waits: they fit into the buffers of the two
kernels. Sources: tcp(7) for TCP_MAXSEG, socket(7) for SO_RCVBUF; Linux sizes a send buffer by the
segments of its peer.
"""

from __future__ import annotations

import socket

SEGMENT_BYTES = 536
WINDOW_BYTES = 4_096


def narrow(sock: socket.socket) -> None:
    """Make a socket that is not yet connected one that takes little at a time."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW_BYTES)
