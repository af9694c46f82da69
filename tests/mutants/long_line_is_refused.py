"""Takes a line of more than 1,024 bytes for one that is too long."""

import sys
from unittest.mock import patch

from chat import framing
from chat.__main__ import server

BREAKS = ("RF-010.2",)
REASON = "never saw “message”"
WAY = "longest"


if __name__ == "__main__":
    with patch.object(framing, "LINE_IN_MAX_BYTES", 1024):
        sys.exit(server())
