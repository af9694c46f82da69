"""The log's file, as its writer sees it: one SQLite database in WAL mode (9.2).

Owns the connection that writes, and what becomes of a file that vanishes.

Laws: a transaction is all or nothing, and what it wrote survives SIGKILL; nothing waits for a
lock that another program holds. A file that was deleted, moved or replaced while the server runs
is left alone, whole; a new one is begun in its place, with a gap that stands for the rows that it
does not have. Until whoever reads the old one lets it become whole, nothing is written.
"""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from itertools import chain, groupby
from pathlib import Path

from chat.checkpoints import Checkpoints
from chat.config import LOG_OPEN_S
from chat.logerror import LogError, explained
from chat.logrows import SCHEMA, Event, Gap, Row, gap, is_log

_INSERT: dict[type, str] = {
    Event: """
        INSERT INTO events (time, kind, name, address, recipient, text, length)
        VALUES (?, ?, ?, ?, ?, ?, ?)
    """,
    Gap: "INSERT INTO events (time, kind, first, last, lost) VALUES (?, ?, ?, ?, ?)",
}
_LOSS = """
    SELECT (SELECT time FROM events ORDER BY id LIMIT 1), time, id
    FROM events ORDER BY id DESC LIMIT 1
"""


class LogFile:
    """A log that can be appended to. Opening it may wait a little, nothing later does."""

    def __init__(self, path: Path) -> None:
        """Open the log, or begin one. Raises LogError."""
        self.path = path.absolute()
        self._heading: list[Gap] = []  # what a new file has to begin with
        self._connection: sqlite3.Connection | None = None
        self._open(LOG_OPEN_S)

    def append(self, rows: Sequence[Row]) -> None:
        """Write rows in one transaction. Raises LogError, and then none is written."""
        try:
            connection = self._present() or self._renew()
            with self._checkpoints.writing, connection:
                connection.execute("BEGIN IMMEDIATE")
                for kind, some in groupby(chain(self._heading, rows), type):
                    connection.executemany(_INSERT[kind], some)
        except (sqlite3.Error, OSError) as error:
            raise explained(error, self.path) from error
        self._heading = []
        self._checkpoints.expect()

    def close(self) -> None:
        """Give the file back, with all that was written in it, as far as the disk allows."""
        if not self._connection:
            return
        self._checkpoints.close()
        with closing(self._connection) as connection, suppress(sqlite3.Error):
            self._connection = None
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _present(self) -> sqlite3.Connection | None:
        """The connection, if the file is still where it was."""
        with suppress(OSError):
            if self._connection and _identity(self.path) == self._opened:
                return self._connection
        return None

    def _renew(self) -> sqlite3.Connection:
        if self._connection:
            _complete(self._connection)
            self._heading += _loss(self._connection)
            self.close()
            self._leave_nothing_beside()
        connection = self._open(0)
        if _loss(connection) == self._heading:  # it is the one that was away
            self._heading = []
        return connection

    def _leave_nothing_beside(self) -> None:
        """Whoever has the old file open would share these with the new one, and mix them up."""
        for path, opened in self._beside.items():
            with suppress(OSError):
                if _identity(path) == opened:
                    os.unlink(path)

    def _open(self, patience_s: float) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                f"{self.path.as_uri()}?mode=rwc",
                uri=True,
                timeout=patience_s,
                isolation_level=None,
                check_same_thread=False,  # one thread after the other
            )
            try:
                _prepare(connection)
                self._opened = _identity(self.path)
                self._checkpoints = Checkpoints(self.path)
                self._beside = _beside(self.path)
            except BaseException:
                connection.close()
                raise
        except (sqlite3.Error, OSError, RuntimeError) as error:  # the latter: no thread left
            raise explained(error, self.path) from error
        self._connection = connection
        return connection


def _identity(path: str | Path) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_dev, status.st_ino


def _beside(path: Path) -> dict[str, tuple[int, int]]:
    """The files that SQLite keeps beside an open database."""
    paths = [f"{os.path.realpath(path)}{ending}" for ending in ("-wal", "-shm")]
    return {each: _identity(each) for each in paths if os.path.exists(each)}


def _complete(connection: sqlite3.Connection) -> None:
    """Give a file all its rows: its write-ahead log did not move with it."""
    is_hindered, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_hindered:
        raise LogError("outro programa ainda lê o arquivo que foi movido ou apagado")


def _loss(connection: sqlite3.Connection) -> list[Gap]:
    """A gap for all that is in a file, which will not be in the next one."""
    return [gap(*row) for row in connection.execute(_LOSS)]


def _prepare(connection: sqlite3.Connection) -> None:
    """Begin an empty log; take up one of ours; leave everything else alone."""
    is_new = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if not is_new and not is_log(connection):
        raise LogError("é um banco de dados de outro programa")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    if is_new:
        connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT")
    connection.execute("PRAGMA busy_timeout = 0")
