"""Announces a newcomer to everybody but the newcomer."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-001.1",)
REASON = "was not admitted"

deliver = Peer.send
admitted: set[Peer] = set()


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if data.startswith(b"* ") and peer not in admitted:
        admitted.add(peer)
        data = data.partition(b"\n")[2]
    return deliver(peer, data, now_s)


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
