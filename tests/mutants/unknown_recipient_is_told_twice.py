"""Tells twice that a recipient is unknown."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-015.1",)
REASON = "saw “unknown recipient” 2 times instead of 1"

tell_error = Room.fault


def fault(room: Room[Peer], who: Peer, code: Code) -> None:
    tell_error(room, who, code)
    if code is Code.UNKNOWN_RECIPIENT:
        tell_error(room, who, code)


if __name__ == "__main__":
    with patch.object(Room, "fault", fault):
        sys.exit(server())
