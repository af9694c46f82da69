"""Shows messages in pairs the wrong way round to whoever came second."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer

BREAKS = ("RF-011.2",)
REASON = "the other way round"

deliver = Peer.send
seen: list[Peer] = []
kept: list[bytes] = []


def send(peer: Peer, data: bytes, now_s: float) -> bool:
    if peer not in seen:
        seen.append(peer)
    if peer is seen[0] or peer is not seen[min(1, len(seen) - 1)]:
        return deliver(peer, data, now_s)
    swapped = b""
    for line in data.splitlines(keepends=True):
        if line[:1] in b"*![":
            swapped += line
        elif kept:
            swapped += line + kept.pop()
        else:
            kept.append(line)
    return deliver(peer, swapped, now_s)


if __name__ == "__main__":
    with patch.object(Peer, "send", send):
        sys.exit(server())
