"""Delivers each message 400 milliseconds late."""

import sys
from threading import Timer
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-012.1",)
REASON = "one in a hundred took"
LATE_S = 0.4

deliver = Peer.send


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if data.startswith(b"*"):
        return deliver(peer, data, now_s)
    Timer(LATE_S, deliver, (peer, data, now_s)).start()
    return True


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
