"""Has the same words for every failure to connect."""

import sys
from unittest.mock import patch

from chat.__main__ import client

ROLE = "client"
BREAKS = ("RF-007.1", "RF-007.2", "RF-007.3", "RF-007.4")
REASON = "are told in one way"

if __name__ == "__main__":
    with patch("chat.wording.why_not_connected", lambda *_: "Não foi possível conectar."):
        sys.exit(client())
