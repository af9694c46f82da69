"""Sends a malformed private message all the same."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-024.2",)
REASON = "came, but '/privado"

submit = Presenter._submit_line


def submit_anything(presenter: Presenter, text: str) -> bool:
    is_taken = submit(presenter, text)
    if not is_taken and text.startswith("/privado"):
        presenter._send(text)
    return is_taken


if __name__ == "__main__":
    with patch.object(Presenter, "_submit_line", submit_anything):
        sys.exit(client())
