"""Writes every message for everyone into the log twice."""

import sys
from collections.abc import Sequence
from unittest.mock import patch

from chat.__main__ import server
from chat.journal import Journal
from chat.peer import Peer
from chat.records import Kind, Record

BREAKS = ("RF-006.1",)
REASON = "the log has 2 times"

write = Journal.write


def write_twice(journal: Journal, records: Sequence[Record[Peer]], now_s: float) -> None:
    twice = [r for r in records for _ in range(2 if r.kind is Kind.MESSAGE else 1)]
    write(journal, twice, now_s)


if __name__ == "__main__":
    with patch.object(Journal, "write", write_twice):
        sys.exit(server())
