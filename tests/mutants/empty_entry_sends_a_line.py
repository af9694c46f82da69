"""Sends an empty line when the entry is empty."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-020.3",)
REASON = r"came, but '\\n"

submit = Presenter.submit


def submit_nothing(presenter: Presenter, typed: str) -> bool:
    if not typed and presenter.link:
        return presenter.link.send(b"\n")
    return submit(presenter, typed)


if __name__ == "__main__":
    with patch.object(Presenter, "submit", submit_nothing):
        sys.exit(client())
