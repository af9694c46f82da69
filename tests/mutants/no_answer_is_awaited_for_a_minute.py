"""Waits a minute for an answer to its call."""

import sys
from unittest.mock import patch

from chat.__main__ import client

ROLE = "client"
BREAKS = ("RF-007.2",)
REASON = "nothing is told of it: no answer"

if __name__ == "__main__":
    long = patch("chat.connection.CONNECT_S", 60.0)
    with long, patch("chat.presenter.CONNECTION_FAILURE_S", 60.0):
        sys.exit(client())
