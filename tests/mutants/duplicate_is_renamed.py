"""Admits a second person under a name in use, with an underscore behind it."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-008.1",)
REASON = "a name in use was admitted"

admit = Room.join


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    refusal = admit(room, who, claim)
    return join(room, who, claim + "_") if refusal is Code.NAME_TAKEN else refusal


if __name__ == "__main__":
    with patch.object(Room, "join", join):
        sys.exit(server())
