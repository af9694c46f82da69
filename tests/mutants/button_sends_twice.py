"""Sends twice what the button sends."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.window import Window

ROLE = "client"
BREAKS = ("RF-020.1",)
REASON = "came, but '<text>"

submit = Window._submit


def submit_twice(window: Window, event: object = None) -> None:
    if event is None and window._presenter:
        window._presenter.submit(window._entry.get())
    submit(window, event)


if __name__ == "__main__":
    with patch.object(Window, "_submit", submit_twice):
        sys.exit(client())
