"""Hangs up on all who wait to be accepted behind the first."""

import socket
import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.server import Server

BREAKS = ("RF-026.1",)
REASON = "was not admitted: the connection ended"

accept = Server._accept


def accept_one(door: Server, listener: socket.socket) -> None:
    accept(door, listener)
    while True:
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return


if __name__ == "__main__":
    with patch.object(Server, "_accept", accept_one):
        sys.exit(server())
