"""Tells twice of somebody whose connection was reset."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.hearing import Hearing
from chat.peer import Peer

BREAKS = ("RF-005.1",)
REASON = "2 times instead of 1"
WAY = "rst"

dismiss, everyone = Hearing.dismiss, Hearing.everyone
reset: list[Peer] = []


def dismiss_and_remember(hearing: Hearing[Peer], listener: Peer) -> None:
    dismiss(hearing, listener)
    if listener.is_finished:
        reset.append(listener)


def everyone_again(hearing: Hearing[Peer], line: bytes) -> None:
    everyone(hearing, line)
    if line.endswith(b" saiu do chat\n") and reset:
        reset.clear()
        everyone(hearing, line)


if __name__ == "__main__":
    with patch.multiple(Hearing, dismiss=dismiss_and_remember, everyone=everyone_again):
        sys.exit(server())
