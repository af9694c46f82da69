"""Keeps one descriptor open for each client that has left."""

import os
import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-018.2",)
REASON = "after all of them have left there are"

close = Peer.close


def close_and_open(peer: Peer) -> None:
    close(peer)
    os.open(os.devnull, os.O_RDONLY)


if __name__ == "__main__":
    with patch.object(Peer, "close", close_and_open):
        sys.exit(server())
