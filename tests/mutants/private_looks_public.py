"""Shows a private message to its recipient as if it had been said to everybody."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-014.1",)
REASON = "its text came in another form"


if __name__ == "__main__":
    with patch.object(protocol, "told", protocol.said):
        sys.exit(server())
