"""Drops every character beyond U+FFFF, such as emoji."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-010.2",)
REASON = "its text came in another form"
WAY = "emoji"

whole = protocol.said


def said(sender: str, text: str) -> bytes:
    return whole(sender, "".join(char for char in text if ord(char) <= 0xFFFF))


if __name__ == "__main__":
    with patch.object(protocol, "said", said):
        sys.exit(server())
