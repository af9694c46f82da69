"""Keeps four kilobytes of memory for each client that has left."""

import os
import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-018.2",)
REASON = "the server's memory grew"

close = Peer.close
kept: list[bytes] = []


def close_and_keep(peer: Peer) -> None:
    close(peer)
    kept.append(os.urandom(4_096))


if __name__ == "__main__":
    with patch.object(Peer, "close", close_and_keep):
        sys.exit(server())
