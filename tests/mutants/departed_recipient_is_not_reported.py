"""Drops a private message to somebody who has left, without a word."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-015.2",)
REASON = "never saw “unknown recipient”"

admit, dismiss, pass_on = Room.join, Room.leave, Room.tell
names: dict[Peer, str] = {}
departed: set[str] = set()


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    names[who] = claim
    return admit(room, who, claim)


def leave(room: Room[Peer], who: Peer) -> None:
    dismiss(room, who)
    departed.add(names[who])


def tell(room: Room[Peer], who: Peer, recipient: str, text: str) -> None:
    if recipient not in departed:
        pass_on(room, who, recipient, text)


if __name__ == "__main__":
    with patch.multiple(Room, join=join, leave=leave, tell=tell):
        sys.exit(server())
