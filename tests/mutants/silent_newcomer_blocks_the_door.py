"""Accepts nobody else until whoever was accepted last has written something."""

import socket
import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.server import Server

BREAKS = ("RF-003.2",)
REASON = "was not admitted"

seat = Server._seat


def seat_when_it_has_written(door: Server, peer: Peer, connection: socket.socket) -> None:
    connection.recv(1, socket.MSG_PEEK)
    seat(door, peer, connection)


if __name__ == "__main__":
    with patch.object(Server, "_seat", seat_when_it_has_written):
        sys.exit(server())
