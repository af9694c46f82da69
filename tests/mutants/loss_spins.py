"""Reads on and on from a connection that has ended."""

import sys
from threading import Thread
from unittest.mock import patch

from chat.__main__ import client
from chat.window import Window

ROLE = "client"
BREAKS = ("RF-023.4",)
REASON = "after the loss it used"

tell = Window.tell


def spin() -> None:
    while True:
        pass


def tell_and_spin(window: Window, title: str, text: str) -> None:
    Thread(target=spin, daemon=True).start()
    tell(window, title, text)


if __name__ == "__main__":
    with patch.object(Window, "tell", tell_and_spin):
        sys.exit(client())
