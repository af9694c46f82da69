"""Leaves in the entry what the key Enter has sent."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.view import State
from chat.window import Window

ROLE = "client"
BREAKS = ("RF-020.2",)
REASON = "the Entry was not emptied"

submit = Window._submit


def submit_and_keep(window: Window, event: object = None) -> None:
    if event is None or not window._presenter or window._presenter.state is not State.IN_ROOM:
        submit(window, event)
    else:
        window._presenter.submit(window._entry.get())


if __name__ == "__main__":
    with patch.object(Window, "_submit", submit_and_keep):
        sys.exit(client())
