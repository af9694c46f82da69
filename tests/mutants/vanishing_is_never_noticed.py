"""Looks for no sign of life of anybody, and waits for ever for an acknowledgement."""

import socket
import sys
from unittest.mock import patch

from chat.__main__ import server

BREAKS = ("RF-022.3",)
REASON = "never saw “left”"


def ask_nobody(_connection: socket.socket, _vanished_s: float) -> None:
    """Leave a connection as the system makes it."""


if __name__ == "__main__":
    with (
        patch("chat.prober.ask_if_silent", ask_nobody),
        patch("chat.listener.SEND_BUFFER_BYTES", 4 << 20),
    ):
        sys.exit(server())
