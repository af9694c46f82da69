"""Tells twice of somebody who said /sair."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server
from chat.framing import Line
from chat.peer import Peer
from chat.session import Session

BREAKS = ("RF-016.2",)
REASON = "2 times instead of 1"

hear, left = Session.hear, protocol.left


def hear_and_tell_twice(session: Session[Peer], line: Line) -> bool:
    if line != "/sair":
        return hear(session, line)
    protocol.left = lambda name: 2 * left(name)
    session.end()
    protocol.left = left
    return False


if __name__ == "__main__":
    with patch.object(Session, "hear", hear_and_tell_twice):
        sys.exit(server())
