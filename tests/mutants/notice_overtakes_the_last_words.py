"""Sends messages half a second later than notices, so that a departure overtakes the last words."""

import sys
from threading import Timer
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-017.2",)
REASON = "after the notice that <caio> had left"
LATER_S = 0.5

deliver = Peer.send
kept: dict[Peer, bytes] = {}


def send_kept(peer: Peer, now_s: float) -> None:
    deliver(peer, kept.pop(peer), now_s)


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    lines = data.splitlines(keepends=True)
    words = [line for line in lines if line[:1] not in b"*!["]
    if words and peer not in kept:
        kept[peer] = b""
        Timer(LATER_S, send_kept, (peer, now_s)).start()
    if words:
        kept[peer] += b"".join(words)
    return deliver(peer, b"".join(line for line in lines if line not in words), now_s)


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
