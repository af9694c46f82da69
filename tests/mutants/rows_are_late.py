"""Looks for what has come only now and then."""

import sys
from unittest.mock import patch

from chat.__main__ import client

ROLE = "client"
BREAKS = ("RF-012.2",)
REASON = "of the messages measured one in a hundred took"

if __name__ == "__main__":
    with patch("chat.window.TURN_PAUSE_MS", 700):
        sys.exit(client())
