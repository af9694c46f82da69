"""Never frees the name of somebody who was removed because it did not read."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-008.4",)
REASON = "was not admitted: refused with '! nome-em-uso"
WAY = "stalled"
PATIENCE = ["--vanished-deadline", "3600"]

admit, dismiss = Room.join, Room.leave
names: dict[Peer, str] = {}
lost: set[str] = set()


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    names[who] = claim
    return Code.NAME_TAKEN if claim in lost else admit(room, who, claim)


def leave(room: Room[Peer], who: Peer) -> None:
    dismiss(room, who)
    if who.is_cut:
        lost.add(names[who])


if __name__ == "__main__":
    sys.argv += PATIENCE
    with patch.multiple(Room, join=join, leave=leave):
        sys.exit(server())
