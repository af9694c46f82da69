"""Tells whoever asks for a name in use that it is, and lets him in all the same."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-008.1",)
REASON = "was refused in words, and admitted all the same"

join = Room.join


def join_anyway(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    code = join(room, who, claim)
    if code is Code.NAME_TAKEN:
        room.fault(who, code)
        room._names[who] = claim
        room._hearing.admit(who)
        return None
    return code


if __name__ == "__main__":
    with patch.object(Room, "join", join_anyway):
        sys.exit(server())
