"""Tells of every departure twice."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-005.1",)
REASON = "2 times instead of 1"

once = protocol.left


def left(name: str) -> bytes:
    return 2 * once(name)


if __name__ == "__main__":
    with patch.object(protocol, "left", left):
        sys.exit(server())
