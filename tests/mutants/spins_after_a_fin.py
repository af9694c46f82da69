"""Goes on reading, again and again, from a connection that has come to its end."""

import sys
from threading import Thread
from unittest.mock import patch

from chat import reader
from chat.__main__ import server
from chat.inbox import Inbox
from chat.peer import Peer

BREAKS = ("RF-018.3",)
REASON = "in which nothing happened"
WAY = "fin"

pass_lines_on = reader._pass_lines_on


def pass_lines_on_and_on(peer: Peer, inbox: Inbox) -> None:
    pass_lines_on(peer, inbox)
    if not peer.is_deaf:
        Thread(target=read_the_end, args=(peer,), daemon=True).start()


def read_the_end(peer: Peer) -> None:
    while True:
        try:
            peer.receive(1)
        except OSError:
            continue


if __name__ == "__main__":
    with patch.object(reader, "_pass_lines_on", pass_lines_on_and_on):
        sys.exit(server())
