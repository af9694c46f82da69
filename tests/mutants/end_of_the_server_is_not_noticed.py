"""Goes on as if the server had not closed the connection."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.connection import Cause, Ended
from chat.presenter import Presenter

ROLE = "client"
BREAKS = (
    "RF-023.1",
    "RF-023.4",
)
REASON = "the window tells nothing of it"


lose = Presenter._lost


def overlook(presenter: Presenter, ended: Ended) -> None:
    if ended.cause is not Cause.CLOSED:
        lose(presenter, ended)


if __name__ == "__main__":
    with patch.object(Presenter, "_lost", overlook):
        sys.exit(client())
