"""Keeps whoever has only stopped sending, until a message to it fails."""

import select
import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-005.1",)
REASON = "never saw “left”"

receive = Peer.receive


def receive_until_both_ends_are_closed(peer: Peer, limit_bytes: int) -> bytes:
    if data := receive(peer, limit_bytes):
        return data
    waiting = select.poll()
    waiting.register(peer, 0)
    waiting.poll()
    return b""


if __name__ == "__main__":
    with patch.object(Peer, "receive", receive_until_both_ends_are_closed):
        sys.exit(server())
