"""Looks for no sign of life of anybody, and waits for ever for an acknowledgement."""

import socket
import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.keepalive import Keepalive

BREAKS = ("RF-022.3",)
REASON = "never saw “left”"


def leave_it(_keepalive: Keepalive, _sock: socket.socket) -> None:
    """Leave a connection as the system makes it."""


if __name__ == "__main__":
    with (
        patch.object(Keepalive, "leave_asking_to_us", leave_it),
        patch.object(Keepalive, "ask_if_silent", leave_it),
        patch("chat.listener.SEND_BUFFER_BYTES", 4 << 20),
    ):
        sys.exit(server())
