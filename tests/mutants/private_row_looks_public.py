"""Shows a private message as if it had been said to all."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.events import Event, Said, Told
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-014.4",)
REASON = "looks like any other"

handle = Presenter._handle


def handle_as_public(presenter: Presenter, event: Event) -> None:
    handle(presenter, Said(event.sender, event.text) if isinstance(event, Told) else event)


if __name__ == "__main__":
    with patch.object(Presenter, "_handle", handle_as_public):
        sys.exit(client())
