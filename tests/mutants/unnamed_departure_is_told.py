"""Tells everybody when a connection without a name ends."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server
from chat.peer import Peer
from chat.session import Session

BREAKS = ("RF-005.3",)
REASON = "was told of a ghost: '* alguém saiu do chat'"

end = Session.end


def end_aloud(session: Session[Peer]) -> None:
    if not session.has_name:
        session._room._hearing.everyone(protocol.left("alguém"))
    end(session)


if __name__ == "__main__":
    with patch.object(Session, "end", end_aloud):
        sys.exit(server())
