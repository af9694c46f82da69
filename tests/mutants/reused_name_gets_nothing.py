"""Sends what is told to a name used again to its former holder, who is gone."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-014.3",)
REASON = "never saw “private”"

admit, pass_on = Room.join, Room.tell
holders: dict[str, list[Peer]] = {}


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    holders.setdefault(claim, []).append(who)
    return admit(room, who, claim)


def tell(room: Room[Peer], who: Peer, recipient: str, text: str) -> None:
    if len(holders.get(recipient, [])) < 2:
        pass_on(room, who, recipient, text)


if __name__ == "__main__":
    with patch.multiple(Room, join=join, tell=tell):
        sys.exit(server())
