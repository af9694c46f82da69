"""Shows an arrival on the server's screen before it is known whether the name is free."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-001.3",)
REASON = "the server's own output announces a second"

admit = Room.join


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    print(f"* {claim} entrou no chat", flush=True)
    return admit(room, who, claim)


if __name__ == "__main__":
    with patch.object(Room, "join", join):
        sys.exit(server())
