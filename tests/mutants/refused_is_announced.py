"""Announces somebody whose name is taken before refusing."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-001.3",)
REASON = "was told: '* <ana> entrou no chat'"

admit = Room.join


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    refusal = admit(room, who, claim)
    if refusal is Code.NAME_TAKEN:
        room._hearing.everyone(protocol.joined(claim))
    return refusal


if __name__ == "__main__":
    with patch.object(Room, "join", join):
        sys.exit(server())
