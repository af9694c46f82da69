"""The rows of the log, as the file holds them: the schema that its writer and its reader share.

Owns the form of a row and of a time. A log is told from other databases by its application id,
and from logs of another form by its version.

A time is UTC in milliseconds, `2026-11-25T22:05:01.123Z`: people can read it, and its order is the
order of its characters. It is the wall clock's, and may go back when the clock does; the order of
events (6.1) is the order of `id`.
"""

import sqlite3
from time import gmtime, strftime, time_ns
from typing import NamedTuple

from chat.records import Kind

APPLICATION_ID = 0x43484154  # "CHAT"
VERSION = 1


class Row(NamedTuple):
    """One row, without its id; None where the kind has no such thing.

    `text` is what its readers were sent (2.4), and `length` its bytes in UTF-8. Of a gap, `first`
    and `last` are the times of the first and the last row that are missing, `lost` their number.
    """

    time: str
    kind: str
    name: str | None = None
    address: str | None = None
    recipient: str | None = None
    text: str | None = None
    length: int | None = None
    first: str | None = None
    last: str | None = None
    lost: int | None = None


COLUMNS = ", ".join(Row._fields)

SCHEMA = f"""
    CREATE TABLE events (
        id INTEGER PRIMARY KEY, time TEXT NOT NULL, kind TEXT NOT NULL,
        name TEXT, address TEXT, recipient TEXT, text TEXT, length INTEGER,
        first TEXT, last TEXT, lost INTEGER
    );
    PRAGMA application_id = {APPLICATION_ID};
    PRAGMA user_version = {VERSION};
"""


def now() -> str:
    """The time, as rows have it."""
    seconds, nanoseconds = divmod(time_ns(), 1_000_000_000)
    return f"{strftime('%Y-%m-%dT%H:%M:%S', gmtime(seconds))}.{nanoseconds // 1_000_000:03}Z"


def gap(first: str, last: str, lost: int) -> Row:
    """What stands in the place of rows that are missing. It is of the time when it ends."""
    return Row(last, Kind.GAP, first=first, last=last, lost=lost)


def is_log(connection: sqlite3.Connection) -> bool:
    """Whether a database is a log of this version."""
    pragmas = ("PRAGMA application_id", "PRAGMA user_version")
    found = [connection.execute(pragma).fetchone()[0] for pragma in pragmas]
    return found == [APPLICATION_ID, VERSION]
