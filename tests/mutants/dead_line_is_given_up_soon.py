"""Gives a connection up after less than half a second without an acknowledgement."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.keepalive import Keepalive

BREAKS = ("RF-002.1",)
REASON = "never saw “message”"
WAY = "downstream"

make = Keepalive.__init__


def make_impatient(keepalive: Keepalive, vanished_s: float) -> None:
    make(keepalive, vanished_s)
    keepalive._vanished_ms = 400


if __name__ == "__main__":
    with patch.object(Keepalive, "__init__", make_impatient):
        sys.exit(server())
