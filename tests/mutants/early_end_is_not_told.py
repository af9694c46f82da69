"""Tells nothing of a connection that ends before anybody is in."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.connection import Cause, Ended
from chat.presenter import Presenter
from chat.view import State

ROLE = "client"
BREAKS = ("RF-007.4",)
REASON = "no answer and closed at once are told in one way"


lose = Presenter._lost


def overlook(presenter: Presenter, ended: Ended) -> None:
    if ended.cause not in (Cause.CLOSED, Cause.RESET) or presenter.state is State.IN_ROOM:
        lose(presenter, ended)


if __name__ == "__main__":
    with patch.object(Presenter, "_lost", overlook):
        sys.exit(client())
