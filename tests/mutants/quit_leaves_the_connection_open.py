"""Takes whoever says /sair out of the room, and leaves the connection open."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.framing import Line
from chat.peer import Peer
from chat.session import Session

BREAKS = ("RF-016.2",)
REASON = "not closed in order, but: still open"

hear = Session.hear


def hear_for_ever(session: Session[Peer], line: Line) -> bool:
    if not hear(session, line):
        session.end()
    return True


if __name__ == "__main__":
    with patch.object(Session, "hear", hear_for_ever):
        sys.exit(server())
