"""Announces every newcomer twice."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-001.1",)
REASON = "2 times instead of 1"

once = protocol.joined


def joined(name: str) -> bytes:
    return 2 * once(name)


if __name__ == "__main__":
    with patch.object(protocol, "joined", joined):
        sys.exit(server())
