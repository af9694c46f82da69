"""Reads nothing of anybody else while it has half a message of a member."""

import sys
from threading import Lock
from unittest.mock import patch

from chat.__main__ import server
from chat.framing import Line, LineDecoder

BREAKS = ("RF-003.2",)
REASON = "never saw “message”"

feed = LineDecoder.feed
turn = Lock()
named: list[LineDecoder] = []


def feed_in_turn(decoder: LineDecoder, data: bytes) -> list[Line]:
    has_the_turn = decoder in named and bool(decoder._rest)
    if not has_the_turn:
        turn.acquire()
    lines = feed(decoder, data)
    if lines and decoder not in named:
        named.append(decoder)
    if not (decoder in named and decoder._rest):
        turn.release()
    return lines


if __name__ == "__main__":
    with patch.object(LineDecoder, "feed", feed_in_turn):
        sys.exit(server())
