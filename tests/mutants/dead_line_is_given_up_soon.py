"""Gives a connection up after less than half a second without an acknowledgement."""

import socket
import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.keepalive import let_the_system_ask

BREAKS = ("RF-002.1",)
REASON = "never saw “message”"
WAY = "downstream"


def give_up_soon(sock: socket.socket) -> None:
    let_the_system_ask(sock, 0.4)


if __name__ == "__main__":
    with patch("chat.listener.leave_asking_to_us", give_up_soon):
        sys.exit(server())
