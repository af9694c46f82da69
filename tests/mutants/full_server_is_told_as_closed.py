"""Overlooks that the server has said that it is full."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.events import Failure
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-007.5",)
REASON = "closed at once and server full are told in one way"

handle = Presenter._handle_failure


def overlook(presenter: Presenter, failure: Failure) -> None:
    if failure.code != "servidor-cheio":
        handle(presenter, failure)


if __name__ == "__main__":
    with patch.object(Presenter, "_handle_failure", overlook):
        sys.exit(client())
