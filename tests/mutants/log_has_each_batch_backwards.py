"""Writes the last of what happened together into the log first."""

import sys
from collections.abc import Sequence
from unittest.mock import patch

from chat.__main__ import server
from chat.journal import Journal
from chat.peer import Peer
from chat.records import Record

BREAKS = ("RF-006.1",)
REASON = "saw it the other way round"

write = Journal.write


def write_backwards(journal: Journal, records: Sequence[Record[Peer]], now_s: float) -> None:
    write(journal, records[::-1], now_s)


if __name__ == "__main__":
    with patch.object(Journal, "write", write_backwards):
        sys.exit(server())
