"""Tells of a departure three seconds late."""

import sys
from threading import Timer
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-005.4",)
REASON = "the notice of leaving took"
LATE_S = 3.0

deliver = Peer.send


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if data.endswith(b" saiu do chat\n"):
        Timer(LATE_S, deliver, (peer, data, now_s)).start()
        return True
    return deliver(peer, data, now_s)


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
