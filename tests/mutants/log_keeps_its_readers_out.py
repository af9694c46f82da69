"""Locks the log for as long as the server runs."""

import sqlite3
import sys
from unittest.mock import patch

from chat import logfile
from chat.__main__ import server
from chat.checkpoints import Checkpoints

BREAKS = ("RF-006.5",)
REASON = "the program that shows the log ended with status 1"

prepare = logfile._prepare


def prepare_alone(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    prepare(connection)


if __name__ == "__main__":
    with (
        patch.object(logfile, "_prepare", prepare_alone),
        patch.object(Checkpoints, "_open_all_files", lambda _checkpoints: None),
        patch.object(Checkpoints, "_checkpoint", lambda _checkpoints: None),
    ):
        sys.exit(server())
