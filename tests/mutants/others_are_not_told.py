"""Tells of an arrival only the newcomer and whoever was there first."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-001.1",)
REASON = "never saw “joined”"

deliver = Peer.send
admitted: list[Peer] = []


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if peer in admitted[1:]:
        lines = data.splitlines(keepends=True)
        data = b"".join(line for line in lines if not line.endswith(b" entrou no chat\n"))
    elif peer not in admitted:
        admitted.append(peer)
    return deliver(peer, data, now_s)


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
