"""Admits nobody under a name that somebody has had before."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-008.4",)
REASON = "was not admitted: refused with '! nome-em-uso"

admit = Room.join
used: set[str] = set()


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    if claim in used:
        return Code.NAME_TAKEN
    used.add(claim)
    return admit(room, who, claim)


if __name__ == "__main__":
    with patch.object(Room, "join", join):
        sys.exit(server())
