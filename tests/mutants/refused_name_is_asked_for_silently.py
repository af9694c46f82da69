"""Says nothing of a refused name."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-008.6",)
REASON = "the window shows nothing of the refusal"

ask = Presenter._ask_name


def ask_silently(presenter: Presenter, _problem: str) -> None:
    ask(presenter, "")


if __name__ == "__main__":
    with patch.object(Presenter, "_ask_name", ask_silently):
        sys.exit(client())
