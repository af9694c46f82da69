"""Takes a name away from its owner when a second person asks for it."""

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
contested: set[str] = set()


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    if claim in contested:
        return Code.NAME_TAKEN
    if claim in owners:
        contested.add(claim)
        room.leave(owners[claim])
        return Code.NAME_TAKEN
    owners[claim] = who
    return admit(room, who, claim)


if __name__ == "__main__":
    with patch.object(Room, "join", join):
        sys.exit(server())
