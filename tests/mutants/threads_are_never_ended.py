"""Lets the thread of each client live on after the client has left."""

import sys
from threading import Event
from unittest.mock import patch

from chat import reader
from chat.__main__ import server
from chat.inbox import Inbox
from chat.peer import Peer

BREAKS = ("RF-003.1", "RF-018.2")
REASON = "after all of them have left there are"

serve = reader._serve


def serve_for_ever(peer: Peer, inbox: Inbox) -> None:
    serve(peer, inbox)
    Event().wait()


if __name__ == "__main__":
    with patch.object(reader, "_serve", serve_for_ever):
        sys.exit(server())
