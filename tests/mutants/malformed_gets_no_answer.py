"""Says nothing to whoever sends a malformed private message."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-024.4",)
REASON = "never saw “malformed or error”"

tell_error = Room.fault


def fault(room: Room[Peer], who: Peer, code: Code) -> None:
    if code is not Code.MALFORMED:
        tell_error(room, who, code)


if __name__ == "__main__":
    with patch.object(Room, "fault", fault):
        sys.exit(server())
