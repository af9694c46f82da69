"""Has an entry that takes nothing once one is in."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.view import State
from chat.window import Window

ROLE = "client"
BREAKS = ("RF-019.2",)
REASON = "did not come to hold"

set_state = Window.set_state


def lock(window: Window, state: State, where: str, name: str) -> None:
    set_state(window, state, where, name)
    if state is State.IN_ROOM:
        window._entry.configure(state="disabled")


if __name__ == "__main__":
    with patch.object(Window, "set_state", lock):
        sys.exit(client())
