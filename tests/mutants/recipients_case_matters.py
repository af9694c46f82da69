"""Does not find a recipient whose name is written in capitals."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.room import Room

BREAKS = ("RF-014.3",)
REASON = "never saw “private”"

pass_on = Room.tell


def tell(room: Room[Peer], who: Peer, recipient: str, text: str) -> None:
    pass_on(room, who, "?" if recipient.isupper() else recipient, text)


if __name__ == "__main__":
    with patch.object(Room, "tell", tell):
        sys.exit(server())
