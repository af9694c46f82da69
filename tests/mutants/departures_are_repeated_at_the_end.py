"""Repeats the notice of every departure when it stops."""

import sys
from collections.abc import Iterable
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server
from chat.peer import Peer
from chat.room import Room

BREAKS = ("RF-005.1",)
REASON = "2 times instead of 1"

depart, close = Room.leave, Room.close
departed: list[str] = []


def leave(room: Room[Peer], who: Peer) -> None:
    departed.append(room._names[who])
    depart(room, who)


def say_again_and_close(room: Room[Peer], strangers: Iterable[Peer]) -> None:
    for name in departed:
        room._hearing.everyone(protocol.left(name))
    close(room, strangers)


if __name__ == "__main__":
    with patch.multiple(Room, leave=leave, close=say_again_and_close):
        sys.exit(server())
