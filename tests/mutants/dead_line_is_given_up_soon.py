"""Gives a connection up after less than half a second without an acknowledgement."""

import sys
from unittest.mock import patch

from chat import listener
from chat.__main__ import server

BREAKS = ("RF-002.1",)
REASON = "never saw “message”"
WAY = "downstream"

set_options = listener._set_inherited_options

if __name__ == "__main__":
    with patch.object(
        listener, "_set_inherited_options", lambda sock, _vanished_s: set_options(sock, 0.4)
    ):
        sys.exit(server())
