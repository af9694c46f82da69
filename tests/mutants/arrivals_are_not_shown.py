"""Shows nobody who comes."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.events import Event, Joined
from chat.presenter import Presenter
from chat.view import State

ROLE = "client"
BREAKS = ("RF-001.5",)
REASON = "the list does not show"

handle = Presenter._handle


def overlook(presenter: Presenter, event: Event) -> None:
    if not isinstance(event, Joined) or presenter.state is not State.IN_ROOM:
        handle(presenter, event)


if __name__ == "__main__":
    with patch.object(Presenter, "_handle", overlook):
        sys.exit(client())
