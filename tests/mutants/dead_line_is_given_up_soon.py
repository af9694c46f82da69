"""Gives a connection up after less than half a second without an acknowledgement."""

import socket
import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.keepalive import find_the_vanished

BREAKS = ("RF-002.1",)
REASON = "never saw “message”"
WAY = "downstream"


def give_up_soon(sock: socket.socket, _vanished_s: float) -> None:
    find_the_vanished(sock, 0.4)


if __name__ == "__main__":
    with patch("chat.listener.find_the_vanished", give_up_soon):
        sys.exit(server())
