"""Sends no more than the first word of a private message."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-013.1",)
REASON = "came, but '/privado"

send = Presenter._send


def send_a_word(presenter: Presenter, text: str) -> bool:
    words = text.split(" ")
    return send(presenter, " ".join(words[:3]) if words[0] == "/privado" else text)


if __name__ == "__main__":
    with patch.object(Presenter, "_send", send_a_word):
        sys.exit(client())
