"""Sends no message of anybody else to those who come after a departure."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-018.1",)
REASON = "never saw “message”"

deliver = Peer.send
heard: set[Peer] = set()
departed: list[bytes] = []


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if b" saiu do chat" in data:
        departed.append(data)
    if peer not in heard and departed:
        data = b"".join(line for line in data.splitlines(keepends=True) if line[:1] in b"*![")
    else:
        heard.add(peer)
    return deliver(peer, data, now_s)


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
