"""Hangs up on whoever asks for a name in use, without a word."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-008.1",)
REASON = "was not refused in words; whoever asked for it was disconnected"

tell_error = Room.fault


def fault(room: Room[Peer], who: Peer, code: Code) -> None:
    if code is Code.NAME_TAKEN:
        who.cut()
    else:
        tell_error(room, who, code)


if __name__ == "__main__":
    with patch.object(Room, "fault", fault):
        sys.exit(server())
