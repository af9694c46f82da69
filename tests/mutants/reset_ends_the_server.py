"""Ends with a traceback when a connection is reset."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.room import Room

BREAKS = ("RF-018.1",)
REASON = "the server had ended by itself"
WAY = "rst"

dismiss = Room.leave


def leave(room: Room[Peer], who: Peer) -> None:
    if who.is_finished:
        raise ConnectionResetError("nobody has caught this")
    dismiss(room, who)


if __name__ == "__main__":
    with patch.object(Room, "leave", leave):
        sys.exit(server())
