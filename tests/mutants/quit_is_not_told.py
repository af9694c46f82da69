"""Lets whoever says /sair go without telling the others."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server
from chat.framing import Line
from chat.peer import Peer
from chat.session import Session

BREAKS = ("RF-005.1",)
REASON = "never saw “left”"
WAY = "quit"

hear, left = Session.hear, protocol.left


def hear_in_silence(session: Session[Peer], line: Line) -> bool:
    if line != "/sair":
        return hear(session, line)
    protocol.left = lambda name: b""
    session.end()
    protocol.left = left
    return False


if __name__ == "__main__":
    with patch.object(Session, "hear", hear_in_silence):
        sys.exit(server())
