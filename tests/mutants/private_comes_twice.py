"""Sends every private message twice."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-014.1",)
REASON = "2 times instead of 1"

once = protocol.told


def told(sender: str, text: str) -> bytes:
    return 2 * once(sender, text)


if __name__ == "__main__":
    with patch.object(protocol, "told", told):
        sys.exit(server())
