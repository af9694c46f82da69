"""Cuts a text after 1,024 bytes."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-002.2",)
REASON = "its text came in another form"
WAY = "longest"

whole = protocol.said


def said(sender: str, text: str) -> bytes:
    return whole(sender, text.encode()[:1024].decode(errors="ignore"))


if __name__ == "__main__":
    with patch.object(protocol, "said", said):
        sys.exit(server())
