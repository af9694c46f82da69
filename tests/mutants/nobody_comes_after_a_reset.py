"""Lets nobody in any more once a connection was reset."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-018.1",)
REASON = "was not admitted: refused with '! servidor-cheio"
WAY = "rst"

admit, dismiss = Room.join, Room.leave
resets: list[Peer] = []


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    return Code.SERVER_FULL if resets else admit(room, who, claim)


def leave(room: Room[Peer], who: Peer) -> None:
    dismiss(room, who)
    if who.is_finished:
        resets.append(who)


if __name__ == "__main__":
    with patch.multiple(Room, join=join, leave=leave):
        sys.exit(server())
