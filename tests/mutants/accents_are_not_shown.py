"""Shows a question mark for each accented letter."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.presenter import Presenter
from chat.view import Tone

ROLE = "client"
BREAKS = ("RF-002.3", "RF-004.2")
REASON = "the list does not show"

add = Presenter._row


def add_ascii(presenter: Presenter, tone: Tone, text: str) -> None:
    add(presenter, tone, text.encode("ascii", "replace").decode())


if __name__ == "__main__":
    with patch.object(Presenter, "_row", add_ascii):
        sys.exit(client())
