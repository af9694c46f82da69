"""Waits in the thread of its window until the server has answered what was sent."""

import sys
import time
from unittest.mock import patch

from chat.__main__ import client
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-025.1",)
REASON = "the window answered nothing for"

send = Presenter._send


def send_and_wait(presenter: Presenter, text: str) -> bool:
    is_sent = send(presenter, text)
    while presenter.link and presenter.link.happenings.empty():
        time.sleep(0.01)
    return is_sent


if __name__ == "__main__":
    with patch.object(Presenter, "_send", send_and_wait):
        sys.exit(client())
