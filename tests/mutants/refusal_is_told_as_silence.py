"""Tells of a refused connection as of one that is not answered."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.connection import Cause, Ended
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-007.1",)
REASON = "no answer and refused are told in one way"


lose = Presenter._lost


def overlook(presenter: Presenter, ended: Ended) -> None:
    if ended.cause is not Cause.REFUSED:
        lose(presenter, ended)


if __name__ == "__main__":
    with patch.object(Presenter, "_lost", overlook):
        sys.exit(client())
