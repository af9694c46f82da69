"""Sends every message twice."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-002.1",)
REASON = "2 times instead of 1"

once = protocol.said


def said(sender: str, text: str) -> bytes:
    return 2 * once(sender, text)


if __name__ == "__main__":
    with patch.object(protocol, "said", said):
        sys.exit(server())
