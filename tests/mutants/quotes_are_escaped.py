"""Sends quotation marks as HTML has them."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-002.2",)
REASON = "its text came in another form"
WAY = "quotes"

whole = protocol.said


def said(sender: str, text: str) -> bytes:
    return whole(sender, text.replace('"', "&quot;"))


if __name__ == "__main__":
    with patch.object(protocol, "said", said):
        sys.exit(server())
