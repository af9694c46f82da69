"""Admits a name of twenty-one letters."""

import sys
from unittest.mock import patch

from chat import names
from chat.__main__ import server

BREAKS = ("RF-008.5",)
REASON = "was admitted"
WAY = "too-long"


if __name__ == "__main__":
    with patch.object(names, "NAME_MAX_CHARS", 21):
        sys.exit(server())
