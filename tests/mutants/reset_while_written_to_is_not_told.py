"""Forgets the notice of somebody to whom a send has failed."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.session import Session

BREAKS = ("RF-022.1",)
REASON = "never saw “left”"
WAY = "rst"

end = Session.end


def end_unless_broken(session: Session[Peer]) -> None:
    if session._who.is_finished:
        session._room._hearing.dismiss(session._who)
        return
    end(session)


if __name__ == "__main__":
    with patch.object(Session, "end", end_unless_broken):
        sys.exit(server())
