"""Sends no more messages to whoever was there first once somebody has left."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-018.1",)
REASON = "never saw “message”"

deliver = Peer.send
first: list[Peer] = []
deaf: list[Peer] = []


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if not first:
        first.append(peer)
    if peer in deaf:
        return True
    if peer in first and b" saiu do chat" in data:
        deaf.append(peer)
    return deliver(peer, data, now_s)


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
