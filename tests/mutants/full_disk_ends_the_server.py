"""Breaks down when the log cannot be written."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.journal import Journal
from chat.logrows import Row

BREAKS = ("RF-006.4",)
REASON = "the server had ended by itself"


def fail(_journal: Journal, _row: Row) -> None:
    raise OSError("nobody has caught this")


if __name__ == "__main__":
    with patch.object(Journal, "_keep", fail):
        sys.exit(server())
