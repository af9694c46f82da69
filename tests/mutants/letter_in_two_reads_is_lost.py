"""Decodes each read by itself, so that a letter whose bytes come in two reads is lost."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.framing import Line, LineDecoder

BREAKS = ("RF-002.2",)
REASON = "never saw “message”"
WAY = "accents"
PROFILE = "fragmented"

feed = LineDecoder.feed


def feed_decoded(decoder: LineDecoder, data: bytes) -> list[Line]:
    return feed(decoder, data.decode("utf-8", "replace").encode())


if __name__ == "__main__":
    with patch.object(LineDecoder, "feed", feed_decoded):
        sys.exit(server())
