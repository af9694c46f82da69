"""Tells the sender that a private message was passed on, and drops it."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-014.1",)
REASON = "never saw “private”"


def told(sender: str, text: str) -> bytes:
    return b""


if __name__ == "__main__":
    with patch.object(protocol, "told", told):
        sys.exit(server())
