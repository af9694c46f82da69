"""Says in the room what was private, when the server stops."""

import sys
from collections.abc import Iterable
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.room import Room

BREAKS = ("RF-014.2",)
REASON = "which <ana> did not send to it"

pass_on = Room.tell
close = Room.close
secrets: dict[Peer, str] = {}


def tell(room: Room[Peer], who: Peer, recipient: str, text: str) -> None:
    secrets[who] = text
    pass_on(room, who, recipient, text)


def close_without_secrets(room: Room[Peer], strangers: Iterable[Peer]) -> None:
    for who, text in secrets.items():
        room.say(who, text)
    close(room, strangers)


if __name__ == "__main__":
    with patch.multiple(Room, close=close_without_secrets, tell=tell):
        sys.exit(server())
