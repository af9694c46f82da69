"""Writes a time into the log that was long ago."""

import sys
from unittest.mock import patch

from chat.__main__ import server

BREAKS = ("RF-006.1", "RF-006.2")
REASON = "lies outside of the run"


def long_ago() -> str:
    return "2001-02-03T04:05:06.789Z"


if __name__ == "__main__":
    with patch("chat.journal.now", long_ago):
        sys.exit(server())
