"""Keeps a client that does not read for ever."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.dispatcher import Dispatcher
from chat.peer import Peer

BREAKS = ("RF-022.2",)
REASON = "never saw “left”"
FOR_EVER = ["--vanished-deadline", "3600", "--outbox-bytes", "100000000"]


def keep(dispatcher: Dispatcher, peer: Peer) -> None:
    dispatcher._alarms.set(peer, dispatcher._now_s + 1.0)


if __name__ == "__main__":
    sys.argv += FOR_EVER
    with patch.object(Dispatcher, "_evict", keep):
        sys.exit(server())
