"""Says nothing of a malformed private message."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.window import Window

ROLE = "client"
BREAKS = ("RF-024.1",)
REASON = "nothing is said of '/privado"

if __name__ == "__main__":
    with patch.object(Window, "complain", lambda *_: None):
        sys.exit(client())
