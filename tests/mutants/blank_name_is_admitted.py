"""Admits a name that is blank."""

import sys
from unittest.mock import patch

import chat.room
from chat import names
from chat.__main__ import server

BREAKS = ("RF-008.5",)
REASON = "a name that is blank (' ') was admitted"
WAY = "blank"


def canonical(claim: str) -> str | None:
    return names.canonical(claim) if claim.strip() else claim


if __name__ == "__main__":
    with patch.object(chat.room, "canonical", canonical):
        sys.exit(server())
