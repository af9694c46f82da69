"""Takes the decomposed form of a name for another name."""

import sys
from unittest.mock import patch

import chat.room
from chat import names
from chat.__main__ import server

BREAKS = ("RF-008.3",)
REASON = "a name in use, decomposed was admitted"


def canonical(claim: str) -> str | None:
    return claim if names.canonical(claim) else None


if __name__ == "__main__":
    with patch.multiple(chat.room, canonical=canonical, identity=str.casefold):
        sys.exit(server())
