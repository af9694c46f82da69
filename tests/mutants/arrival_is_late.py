"""Tells others of an arrival three seconds late."""

import sys
from threading import Timer
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-001.4",)
REASON = "the notice of coming took"
LATE_S = 3.0

deliver = Peer.send
admitted: set[Peer] = set()


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if peer in admitted and data.endswith(b" entrou no chat\n"):
        Timer(LATE_S, deliver, (peer, data, now_s)).start()
        return True
    admitted.add(peer)
    return deliver(peer, data, now_s)


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
