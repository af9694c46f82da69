"""Hides its list from whoever has come in."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.view import State
from chat.window import Window

ROLE = "client"
BREAKS = ("RF-019.1",)
REASON = "no Listbox can be seen"

set_state = Window.set_state


def hide(window: Window, state: State, where: str, name: str) -> None:
    set_state(window, state, where, name)
    if state is State.IN_ROOM:
        window._list.grid_remove()


if __name__ == "__main__":
    with patch.object(Window, "set_state", hide):
        sys.exit(client())
