"""Admits a name with an escape character in it."""

import sys
from unittest.mock import patch

import chat.room
from chat import names
from chat.__main__ import server

BREAKS = ("RF-008.5",)
REASON = "was admitted"
WAY = "forbidden"


def canonical(claim: str) -> str | None:
    return claim if names.canonical(claim.replace("\x1b", "")) else None


if __name__ == "__main__":
    with patch.object(chat.room, "canonical", canonical):
        sys.exit(server())
