"""Does not say to whom a private message went."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.presenter import Presenter
from chat.view import Tone

ROLE = "client"
BREAKS = ("RF-013.2",)
REASON = "does not show '<bia>'"

add = Presenter._row


def add_without_name(presenter: Presenter, tone: Tone, text: str) -> None:
    start, _, rest = text.partition("] ")
    add(presenter, tone, f"[privado] {rest}" if start.startswith("[privado para ") else text)


if __name__ == "__main__":
    with patch.object(Presenter, "_row", add_without_name):
        sys.exit(client())
