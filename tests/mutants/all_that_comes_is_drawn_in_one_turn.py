"""Draws all that has come, row by row, before it looks at anything else."""

import sys
from collections.abc import Sequence
from unittest.mock import patch

from chat.__main__ import client
from chat.view import Row
from chat.window import Window

ROLE = "client"
BREAKS = ("RF-025.2",)
REASON = "the window answered nothing for"

show = Window.show


def draw_each(window: Window, rows: Sequence[Row]) -> None:
    for row in rows:
        show(window, [row])
        window._root.update_idletasks()


if __name__ == "__main__":
    endless = patch.multiple("chat.presenter", EVENTS_PER_TURN=10**6, CHARACTERS_PER_TURN=10**9)
    with endless, patch.object(Window, "show", draw_each):
        sys.exit(client())
