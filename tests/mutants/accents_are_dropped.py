"""Sends letters without their accents."""

import sys
from unicodedata import combining, normalize
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-002.2",)
REASON = "its text came in another form"
WAY = "accents"

whole = protocol.said


def said(sender: str, text: str) -> bytes:
    return whole(sender, "".join(char for char in normalize("NFD", text) if not combining(char)))


if __name__ == "__main__":
    with patch.object(protocol, "said", said):
        sys.exit(server())
