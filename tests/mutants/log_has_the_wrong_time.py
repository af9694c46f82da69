"""Writes an hour into the log that has not come yet."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.logrows import now

BREAKS = ("RF-006.1", "RF-006.2")
REASON = "lies outside of the run"


def later() -> str:
    day, _, rest = now().partition("T")
    return f"{int(day[:4]) + 1}{day[4:]}T{rest}"


if __name__ == "__main__":
    with patch("chat.journal.now", later):
        sys.exit(server())
