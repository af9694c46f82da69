"""Loses what comes in the same read as the name."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.framing import Line, LineDecoder

BREAKS = ("RF-002.1",)
REASON = "never saw “message”"
PROFILE = "coalesced"

feed = LineDecoder.feed
named: list[LineDecoder] = []


def feed_one_at_first(decoder: LineDecoder, data: bytes) -> list[Line]:
    lines = feed(decoder, data)
    if lines and decoder not in named:
        named.append(decoder)
        return lines[:1]
    return lines


if __name__ == "__main__":
    with patch.object(LineDecoder, "feed", feed_one_at_first):
        sys.exit(server())
