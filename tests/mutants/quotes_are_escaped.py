"""Sends quotes and angle brackets as HTML."""

import sys
from html import escape
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-002.2",)
REASON = "its text came in another form"
WAY = "quotes"

whole = protocol.said


def said(sender: str, text: str) -> bytes:
    return whole(sender, escape(text))


if __name__ == "__main__":
    with patch.object(protocol, "said", said):
        sys.exit(server())
