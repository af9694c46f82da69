"""Sends what is typed without its accents."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-010.1",)
REASON = "came, but '<text>ao  noite: po, corao, nave<text>"
WAY = "accents"

send = Presenter._send


def send_ascii(presenter: Presenter, text: str) -> bool:
    return send(presenter, text.encode("ascii", "ignore").decode())


if __name__ == "__main__":
    with patch.object(Presenter, "_send", send_ascii):
        sys.exit(client())
