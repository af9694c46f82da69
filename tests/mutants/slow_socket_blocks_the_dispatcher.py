"""Waits in a send until a client that does not read takes what it is sent."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-022.2",)
REASON = "never saw “message”"
TIME_SCALE = 1.0
PATIENCE = ["--vanished-deadline", "3600"]

deliver = Peer.send


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if peer.is_finished:
        return True
    try:
        peer._socket.sendall(data)
    except OSError:
        peer.abandon()
    return True


if __name__ == "__main__":
    sys.argv += PATIENCE
    with patch.object(Peer, "send", send):
        sys.exit(server())
