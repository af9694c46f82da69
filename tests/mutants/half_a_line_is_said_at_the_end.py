"""Takes what comes before a connection ends for a line, although it has no end."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-018.1",)
REASON = "received what was never said to its end"

receive = Peer.receive
ended: list[Peer] = []


def receive_with_an_end(peer: Peer, limit_bytes: int) -> bytes:
    data = receive(peer, limit_bytes)
    if data or peer in ended:
        return data
    ended.append(peer)
    return b"\n"


if __name__ == "__main__":
    with patch.object(Peer, "receive", receive_with_an_end):
        sys.exit(server())
