"""Shows private messages on the server's screen."""

import sys
from unittest.mock import patch

from chat.__main__ import server
from chat.peer import Peer
from chat.room import Room

BREAKS = ("RF-014.2",)
REASON = "the server's own output shows the private text"

pass_on = Room.tell


def tell(room: Room[Peer], who: Peer, recipient: str, text: str) -> None:
    print(f"{recipient} <- {text}", flush=True)
    pass_on(room, who, recipient, text)


if __name__ == "__main__":
    with patch.object(Room, "tell", tell):
        sys.exit(server())
