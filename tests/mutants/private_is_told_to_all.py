"""Says a private message in the room, marked as private."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.room import Room

BREAKS = ("RF-014.2",)
REASON = "which <ana> did not send to it"

pass_on = Room.tell


def tell(room: Room[Peer], who: Peer, recipient: str, text: str) -> None:
    room.say(who, f"(privado para {recipient}) {text}")


if __name__ == "__main__":
    with patch.object(Room, "tell", tell):
        sys.exit(server())
