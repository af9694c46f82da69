"""Tells everybody of a malformed private message."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-024.4",)
REASON = "received something of it"

tell_error = Room.fault


def fault(room: Room[Peer], who: Peer, code: Code) -> None:
    for member in list(room._names) if code is Code.MALFORMED else [who]:
        tell_error(room, member, code)


if __name__ == "__main__":
    with patch.object(Room, "fault", fault):
        sys.exit(server())
