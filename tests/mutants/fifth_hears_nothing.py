"""Passes messages on to the first four people only."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-002.1",)
REASON = "never saw “message”"

deliver = Peer.send
seen: list[Peer] = []


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if peer not in seen:
        seen.append(peer)
    if peer in seen[4:]:
        data = b"".join(line for line in data.splitlines(keepends=True) if line[:1] in b"*![")
    return deliver(peer, data, now_s)


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
