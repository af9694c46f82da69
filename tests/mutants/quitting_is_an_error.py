"""Ends with status 1 when one quits."""

import sys
from unittest.mock import patch

from chat.__main__ import client
from chat.presenter import Presenter

ROLE = "client"
BREAKS = ("RF-016.1",)
REASON = "ended with status 1"

end = Presenter._end


def end_badly(presenter: Presenter, _status: int) -> None:
    end(presenter, 1)


if __name__ == "__main__":
    with patch.object(Presenter, "_end", end_badly):
        sys.exit(client())
