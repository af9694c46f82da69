"""Waits for each client to take what it is sent before it sends anybody else anything."""

import socket
import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-003.2",)
REASON = "never saw “message”"


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if not peer.is_finished:
        peer._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 0)
        try:
            peer._socket.sendall(data)
        except OSError:
            peer.abandon()
    return True


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
