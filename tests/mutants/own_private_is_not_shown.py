"""Does not show its user what was sent in private."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.events import Event, ToldCopy
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-013.2",)
REASON = "the list does not show"

handle = Presenter._handle


def overlook(presenter: Presenter, event: Event) -> None:
    if not isinstance(event, ToldCopy):
        handle(presenter, event)


if __name__ == "__main__":
    with patch.object(Presenter, "_handle", overlook):
        sys.exit(client())
