"""Tells everybody that a recipient is unknown."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room

BREAKS = ("RF-015.1",)
REASON = "received something of it: '! destinatario-desconhecido"

tell_error = Room.fault


def fault(room: Room[Peer], who: Peer, code: Code) -> None:
    if code is Code.UNKNOWN_RECIPIENT:
        room._hearing.everyone(protocol.error(code))
    else:
        tell_error(room, who, code)


if __name__ == "__main__":
    with patch.object(Room, "fault", fault):
        sys.exit(server())
