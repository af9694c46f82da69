"""Looks for no sign of life of anybody, and waits for ever for an acknowledgement."""

import socket
import sys
from unittest.mock import patch

from chat import listener
from chat.__main__ import server

BREAKS = ("RF-022.3",)
REASON = "never saw “left”"


def set_no_options(_listener: socket.socket, _vanished_s: float) -> None:
    """Leave a connection as the system makes it."""


if __name__ == "__main__":
    with patch.object(listener, "_set_inherited_options", set_no_options):
        sys.exit(server())
