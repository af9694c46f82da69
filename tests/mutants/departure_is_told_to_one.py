"""Tells of a departure only whoever was there first."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-005.1",)
REASON = "never saw “left”"

deliver = Peer.send
seen: list[Peer] = []


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if peer not in seen:
        seen.append(peer)
    if peer in seen[1:]:
        lines = data.splitlines(keepends=True)
        data = b"".join(line for line in lines if not line.endswith(b" saiu do chat\n"))
    return deliver(peer, data, now_s)


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
