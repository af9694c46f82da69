"""Shows nothing of what one says oneself."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.events import Event, Said
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-004.1",)
REASON = "the list does not show"

handle = Presenter._handle


def overlook(presenter: Presenter, event: Event) -> None:
    if not isinstance(event, Said) or event.sender != presenter._name:
        handle(presenter, event)


if __name__ == "__main__":
    with patch.object(Presenter, "_handle", overlook):
        sys.exit(client())
