"""Passes on only the first message that each person says after a departure."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.room import Room

BREAKS = ("RF-018.1",)
REASON = "never saw “message”"

say, dismiss = Room.say, Room.leave
departures: list[Peer] = []
spoke: list[Peer] = []


def say_once(room: Room[Peer], who: Peer, text: str) -> None:
    if who not in spoke:
        say(room, who, text)
    if departures:
        spoke.append(who)


def leave(room: Room[Peer], who: Peer) -> None:
    dismiss(room, who)
    departures.append(who)


if __name__ == "__main__":
    with patch.multiple(Room, say=say_once, leave=leave):
        sys.exit(server())
