"""Waits for each client to take what it is sent before it sends anybody else anything."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-003.2",)
REASON = "never saw “message”"
PATIENCE = ["--vanished-deadline", "3600"]


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if not peer.is_finished:
        try:
            peer._socket.sendall(data)
        except OSError:
            peer.abandon()
    return True


if __name__ == "__main__":
    sys.argv += PATIENCE
    with patch.object(Peer, "send", send):
        sys.exit(server())
