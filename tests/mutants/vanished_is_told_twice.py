"""Tells twice of somebody who has vanished."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.room import Room

BREAKS = ("RF-022.3",)
REASON = "2 times instead of 1"

dismiss = Room.leave


def leave(room: Room[Peer], who: Peer) -> None:
    name = room._names[who]
    dismiss(room, who)
    if who.is_finished:
        room._hearing.everyone(f"* {name} saiu do chat\n".encode())


if __name__ == "__main__":
    with patch.object(Room, "leave", leave):
        sys.exit(server())
