"""Repeats the last words of whoever leaves, after the notice of it."""

import sys
from unittest.mock import patch

from chat import protocol
from chat.__main__ import server
from chat.peer import Peer
from chat.room import Room

BREAKS = ("RF-017.2",)
REASON = "after the notice that <caio> had left"

say, dismiss = Room.say, Room.leave
last: dict[Peer, bytes] = {}


def say_and_remember(room: Room[Peer], who: Peer, text: str) -> None:
    last[who] = protocol.said(room._names[who], text)
    say(room, who, text)


def leave(room: Room[Peer], who: Peer) -> None:
    dismiss(room, who)
    room._hearing.everyone(last.get(who, b""))


if __name__ == "__main__":
    with patch.multiple(Room, say=say_and_remember, leave=leave):
        sys.exit(server())
