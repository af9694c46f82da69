"""Breaks down when a send fails."""

import sys
import time
from unittest.mock import patch

from chat import reader
from chat.__main__ import server
from chat.inbox import Inbox
from chat.peer import Peer

BREAKS = ("RF-022.1",)
REASON = "the server had ended by itself"
WAY = "rst"
UNNOTICED_S = 1.0

abandon, pass_on = Peer.abandon, reader._pass_lines_on


def fail(_peer: Peer) -> None:
    raise ConnectionResetError("nobody has caught this")


def notice_late(peer: Peer, inbox: Inbox) -> None:
    """Leave it to the dispatcher to run into the dead connection."""
    try:
        pass_on(peer, inbox)
    except OSError:
        time.sleep(UNNOTICED_S)
        raise


if __name__ == "__main__":
    with patch.object(Peer, "abandon", fail), patch.object(reader, "_pass_lines_on", notice_late):
        sys.exit(server())
