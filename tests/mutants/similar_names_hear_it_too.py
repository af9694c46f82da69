"""Passes a private message on to everybody whose name begins with the same six letters."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-014.3",)
REASON = "which <ana> did not send to it"

admit, pass_on = Room.join, Room.tell
names: list[str] = []


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    names.append(claim)
    return admit(room, who, claim)


def tell(room: Room[Peer], who: Peer, recipient: str, text: str) -> None:
    for name in names:
        if name[:6] == recipient[:6]:
            pass_on(room, who, name, text)


if __name__ == "__main__":
    with patch.multiple(Room, join=join, tell=tell):
        sys.exit(server())
