"""Closes its window without a word when the server is lost."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.window import Window

ROLE = "client"
BREAKS = ("RF-023.1", "RF-023.2", "RF-023.3", "RF-023.4", "RF-023.5")
REASON = "there is no window: the client ended with status 1"

if __name__ == "__main__":
    with patch.object(Window, "tell", lambda *_: None):
        sys.exit(client())
