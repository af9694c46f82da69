"""Empties the entry of a malformed private message."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-024.3",)
REASON = "did not stay in the Entry"

submit = Presenter._submit_line


def submit_and_empty(presenter: Presenter, text: str) -> bool:
    return submit(presenter, text) or text.startswith("/privado")


if __name__ == "__main__":
    with patch.object(Presenter, "_submit_line", submit_and_empty):
        sys.exit(client())
