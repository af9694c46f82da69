"""Sends a message to its sender without the sender's name."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-011.1",)
REASON = "its text came in another form"

admit, deliver = Room.join, Peer.send
names: dict[Peer, bytes] = {}


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    names[who] = claim.encode() + b": "
    return admit(room, who, claim)


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    lines = data.splitlines(keepends=True)
    own = names.get(peer, b"!")
    heard = b"".join(line.removeprefix(own) for line in lines)
    return deliver(peer, heard, now_s)


if __name__ == "__main__":
    with patch.object(Room, "join", join), patch.object(Peer, "send", send):
        sys.exit(server())
