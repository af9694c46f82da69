"""Tells whoever comes in what others were told in private before."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-014.2",)
REASON = "did not send to it"

tell, join = Room.tell, Room.join
told: list[bytes] = []


def tell_and_keep(room: Room[Peer], who: Peer, recipient: str, text: str) -> None:
    tell(room, who, recipient, text)
    told.append(protocol.told(recipient, text))


def join_and_hear(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    code = join(room, who, claim)
    for line in told if code is None else ():
        room._hearing.one(who, line)
    return code


if __name__ == "__main__":
    with patch.multiple(Room, tell=tell_and_keep, join=join_and_hear):
        sys.exit(server())
