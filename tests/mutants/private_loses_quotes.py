"""Drops the quotes of a private message."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server

BREAKS = ("RF-014.1",)
REASON = "its text came in another form"

whole = protocol.told


def told(sender: str, text: str) -> bytes:
    return whole(sender, text.replace('"', ""))


if __name__ == "__main__":
    with patch.object(protocol, "told", told):
        sys.exit(server())
