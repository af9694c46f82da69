"""Takes names in another case for different names."""

import sys
from unicodedata import normalize
from unittest.mock import patch

import chat.room
from chat.__main__ import server

BREAKS = ("RF-008.3",)
REASON = "in capitals was admitted"


def identity(name: str) -> str:
    return normalize("NFKC", name)


if __name__ == "__main__":
    with patch.object(chat.room, "identity", identity):
        sys.exit(server())
