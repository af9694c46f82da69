"""Ends when somebody sends what is not UTF-8."""

import os
import sys
from unittest.mock import patch

from chat import framing
from chat.__main__ import server
from chat.framing import Line
from chat.protocol import Code

BREAKS = ("RF-018.1",)
REASON = "the server had ended by itself"

decode = framing._decode


def decode_or_die(piece: bytes) -> Line:
    line = decode(piece)
    if line is Code.NOT_UTF8:
        os._exit(1)
    return line


if __name__ == "__main__":
    with patch.object(framing, "_decode", decode_or_die):
        sys.exit(server())
