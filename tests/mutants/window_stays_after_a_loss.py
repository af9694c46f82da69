"""Keeps its window when the server is lost."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.window import Window

ROLE = "client"
BREAKS = ("RF-023.1",)
REASON = "it told of the loss, and did not end"

if __name__ == "__main__":
    with patch.object(Window, "close", lambda *_: None):
        sys.exit(client())
