"""Says nothing of a recipient who is not there."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.events import Event, Failure
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-015.3",)
REASON = "the window shows nothing of it"

handle = Presenter._handle


def overlook(presenter: Presenter, event: Event) -> None:
    if not isinstance(event, Failure):
        handle(presenter, event)


if __name__ == "__main__":
    with patch.object(Presenter, "_handle", overlook):
        sys.exit(client())
