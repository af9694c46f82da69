"""When somebody who was refused hangs up, tells that the owner of the name has left."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server
from chat.peer import Peer
from chat.protocol import Code
from chat.room import Room
from chat.session import Session

BREAKS = ("RF-001.3",)
REASON = "was told: '* <ana> saiu do chat'"

admit, end = Room.join, Session.end
claims: dict[Peer, str] = {}


def join(room: Room[Peer], who: Peer, claim: str) -> Code | None:
    claims[who] = claim
    return admit(room, who, claim)


def end_of_anybody(session: Session[Peer]) -> None:
    if not session.has_name and session._who in claims:
        session._room._hearing.everyone(protocol.left(claims[session._who]))
    end(session)


if __name__ == "__main__":
    with patch.object(Room, "join", join), patch.object(Session, "end", end_of_anybody):
        sys.exit(server())
