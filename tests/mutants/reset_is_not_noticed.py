"""Keeps a member whose connection was reset."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.session import Session

BREAKS = ("RF-005.1",)
REASON = "never saw “left”"
WAY = "rst"

end = Session.end


def end_unless_reset(session: Session[Peer]) -> None:
    if not session._who.is_finished:
        end(session)


if __name__ == "__main__":
    with patch.object(Session, "end", end_unless_reset):
        sys.exit(server())
