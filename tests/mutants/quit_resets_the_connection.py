"""Resets the connection of whoever leaves instead of ending it in order."""

import socket
import struct
import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-016.2",)
REASON = "not closed in order, but: ECONNRESET"


def finish(peer: Peer) -> None:
    peer.is_finished = True
    peer._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer._socket.shutdown(socket.SHUT_RD)


if __name__ == "__main__":
    with patch.object(Peer, "finish", finish):
        sys.exit(server())
