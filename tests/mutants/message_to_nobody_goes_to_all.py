"""Says a private message to nobody in the room, and reports the unknown recipient as well."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-015.1",)
REASON = "received something of it: '<ana>: <text>'"

pass_on, tell_error = Room.tell, Room.fault
texts: dict[Peer, str] = {}


def tell(room: Room[Peer], who: Peer, recipient: str, text: str) -> None:
    texts[who] = text
    pass_on(room, who, recipient, text)


def fault(room: Room[Peer], who: Peer, code: Code) -> None:
    tell_error(room, who, code)
    if code is Code.UNKNOWN_RECIPIENT:
        room.say(who, texts[who])


if __name__ == "__main__":
    with patch.multiple(Room, tell=tell, fault=fault):
        sys.exit(server())
