"""Lets nobody stay in the room under a name that a second person asks for."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-008.2",)
REASON = "never saw “message”"

admit = Room.join
owners: dict[str, Peer] = {}


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    refusal = admit(room, who, claim)
    if refusal is None:
        owners[claim] = who
    elif owners.get(claim) in room:
        room.leave(owners[claim])
    return refusal


if __name__ == "__main__":
    with patch.object(Room, "join", join):
        sys.exit(server())
