"""Admits a second person under a name in use."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.names import identity
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-008.1",)
REASON = "a name in use was admitted"

admit, dismiss = Room.join, Room.leave


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    room._holders.pop(identity(claim), None)
    return admit(room, who, claim)


def leave(room: Room[Peer], who: Peer) -> None:
    room._holders.setdefault(identity(room._names[who]), who)
    dismiss(room, who)


if __name__ == "__main__":
    with patch.multiple(Room, join=join, leave=leave):
        sys.exit(server())
