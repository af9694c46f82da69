"""Keeps the notice of a departure until there is something else to send."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-005.4",)
REASON = "the notice of leaving took"

deliver = Peer.send
kept: dict[Peer, bytes] = {}


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if data.endswith(b" saiu do chat\n"):
        kept[peer] = data
        return True
    return deliver(peer, kept.pop(peer, b"") + data, now_s)


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
