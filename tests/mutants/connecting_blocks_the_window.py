"""Connects in the thread of its window."""

import sys
import time
from unittest.mock import patch

from chat.__main__ import client
from chat.connection import Connection

ROLE = "client"
BREAKS = ("RF-007.6",)
REASON = "the window answered nothing for"

begin = Connection.__init__


def connect(connection: Connection, host: str, port: int) -> None:
    begin(connection, host, port)
    while connection.happenings.empty():
        time.sleep(0.01)


if __name__ == "__main__":
    with patch.object(Connection, "__init__", connect):
        sys.exit(client())
