"""Tells others of an arrival a moment late, so that the newcomer's first words come before it."""

import sys
from threading import Timer
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-001.1",)
REASON = "before the notice that it had come in"
MOMENT_S = 0.3

deliver = Peer.send
admitted: set[Peer] = set()


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if peer in admitted and data.endswith(b" entrou no chat\n"):
        Timer(MOMENT_S, deliver, (peer, data, now_s)).start()
        return True
    admitted.add(peer)
    return deliver(peer, data, now_s)


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
