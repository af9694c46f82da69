"""Takes names that differ in an accent for the same."""

import sys
from unicodedata import combining, normalize
from unittest.mock import patch

import chat.room
from chat.__main__ import server

BREAKS = ("RF-008.3",)
REASON = "refused with '! nome-em-uso"


def identity(name: str) -> str:
    return "".join(char for char in normalize("NFD", name.casefold()) if not combining(char))


if __name__ == "__main__":
    with patch.object(chat.room, "identity", identity):
        sys.exit(server())
