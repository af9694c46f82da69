"""Waits ten minutes for a server that does not answer any more."""

import sys
from unittest.mock import patch

from chat.__main__ import client

ROLE = "client"
BREAKS = ("RF-023.3",)
REASON = "the window tells nothing of it"

if __name__ == "__main__":
    with patch("chat.connection.SILENT_S", 600.0):
        sys.exit(client())
