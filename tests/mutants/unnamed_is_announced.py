"""Announces every connection before it has a name."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server
from chat.peer import Peer
from chat.room import Room
from chat.session import Session

BREAKS = ("RF-001.3",)
REASON = "was told of a ghost: '* alguém entrou no chat'"

begin = Session.__init__


def begin_aloud(session: Session[Peer], room: Room[Peer], who: Peer) -> None:
    room._hearing.everyone(protocol.joined("alguém"))
    begin(session, room, who)


if __name__ == "__main__":
    with patch.object(Session, "__init__", begin_aloud):
        sys.exit(server())
