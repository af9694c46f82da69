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


class Event(NamedTuple):
    """A row about something that happened, without its id; None where there is no such thing.

    `text` is what its readers were sent (2.4), and `length` its bytes in UTF-8. `recipient` is the
    one of a private message; the text of that is here only if an option asks for it.
    """

    time: str
    kind: str
    name: str
    address: str
    recipient: str | None
    text: str | None
    length: int | None


class Gap(NamedTuple):
    """A row that stands in the place of others, which are missing. Its time is when it ended.

    `first` and `last` are the times of the first and the last one missing, `lost` is their number.
    """

    time: str
    kind: str
    first: str
    last: str
    lost: int


Row = Event | Gap

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


def gap(first: str, last: str, lost: int) -> Gap:
    """A gap, as it is written."""
    return Gap(last, str(Kind.GAP), first, last, lost)


def is_log(connection: sqlite3.Connection) -> bool:
    """Whether a database is a log of this version."""
    pragmas = ("PRAGMA application_id", "PRAGMA user_version")
    found = [connection.execute(pragma).fetchone()[0] for pragma in pragmas]
    return found == [APPLICATION_ID, VERSION]
