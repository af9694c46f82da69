"""Gives every second client no thread of its own, but reads it in the thread of the one before."""

import sys
from selectors import EVENT_READ, DefaultSelector
from threading import Thread
from unittest.mock import patch

from chat import server as servers
from chat.__main__ import server
from chat.config import RECEIVE_BYTES
from chat.framing import LineDecoder
from chat.inbox import Ended, Inbox, Spoke
from chat.peer import Peer

BREAKS = ("RF-003.1", "RF-026.2")
REASON = "clients brought"

halves: list[DefaultSelector] = []


def start_reader(peer: Peer, inbox: Inbox) -> None:
    is_second = bool(halves)
    selector = halves.pop() if is_second else DefaultSelector()
    selector.register(peer, EVENT_READ, LineDecoder())
    if not is_second:
        halves.append(selector)
        Thread(target=read, args=(selector, inbox), daemon=True).start()


def read(selector: DefaultSelector, inbox: Inbox) -> None:
    while True:
        for key, _ in selector.select():
            peer = key.fileobj
            assert isinstance(peer, Peer)
            data = peer.receive(RECEIVE_BYTES)
            peer.gate.acquire()
            if data:
                inbox.post(Spoke(peer, key.data.feed(data)))
                continue
            selector.unregister(peer)
            inbox.post(Ended(peer, orderly=True))
            peer.gate.acquire()
            peer.close()


if __name__ == "__main__":
    with patch.object(servers, "start_reader", start_reader):
        sys.exit(server())
