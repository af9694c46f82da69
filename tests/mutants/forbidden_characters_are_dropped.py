"""Admits a name with forbidden characters, without them."""

import sys
from unittest.mock import patch

import chat.room
from chat import names
from chat.__main__ import server

BREAKS = ("RF-008.5",)
REASON = "was admitted"
WAY = "forbidden"


def canonical(claim: str) -> str | None:
    return names.canonical("".join(filter(str.isalnum, claim)))


if __name__ == "__main__":
    with patch.object(chat.room, "canonical", canonical):
        sys.exit(server())
