"""The log's file, as its readers see it: read only, also while a server writes it (9.2).

Owns the place up to which it was read. Reads in pages, so that no reader is ever in the middle of
the file for long and the write-ahead log can start again.

Laws: nothing is written and no file is made. What comes out is safe to print (2.4), whatever is in
the file. A log that was replaced by a new one is read to its end, and then the new one from its
beginning.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from chat.config import LOG_CHUNK_ROWS, LOG_OPEN_S
from chat.logerror import LogError, explained
from chat.logrows import Event, Gap, Row, is_log
from chat.protocol import clean
from chat.records import Kind

_PAGE = """
    SELECT id, time, kind, name, address, recipient, text, length, first, last, lost
    FROM events WHERE id > ? ORDER BY id LIMIT ?
"""

_Identity = tuple[int, int, bool]


class Entry(NamedTuple):
    """A row with its number in the file."""

    id: int
    row: Row


class LogReader:
    """Gives the rows of a log, each once, as far as they are written.

    A row that a client has heard of is there to be read, unless it had to wait (9.2).
    """

    def __init__(self, path: Path) -> None:
        """Open a log. Raises LogError."""
        self._path = path.absolute()
        self._last_id = 0
        self._identity: _Identity | None = None
        self._connection: sqlite3.Connection | None = None
        self._follow_the_file()

    def news(self) -> Iterator[list[Entry]]:
        """The rows that were not read yet, in pages. Raises LogError; may be called again."""
        with suppress(LogError):  # what was there before may have gone altogether
            yield from self._pages()
        self._follow_the_file()
        yield from self._pages()

    def close(self) -> None:
        """Give the file back."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def _pages(self) -> Iterator[list[Entry]]:
        while page := self._page():
            self._last_id = page[-1].id
            yield page

    def _page(self) -> list[Entry]:
        assert self._connection
        try:
            found = self._connection.execute(_PAGE, (self._last_id, LOG_CHUNK_ROWS)).fetchall()
        except sqlite3.Error as error:
            raise explained(error, self._path) from error
        return [Entry(number, _row(*map(_safe, values))) for number, *values in found]

    def _follow_the_file(self) -> None:
        """Open what is there now, if it is not what was there before."""
        identity = self._look()
        if identity == self._identity:
            return
        try:
            connection = self._open(has_wal=identity[2])
        except sqlite3.Error as error:
            raise explained(error, self._path) from error
        if self._identity and identity[:2] != self._identity[:2]:
            self._last_id = 0
        self.close()
        self._connection, self._identity = connection, identity

    def _look(self) -> _Identity:
        try:
            status = os.stat(self._path)
        except OSError as error:
            raise LogError("o arquivo não existe") from error
        has_wal = os.path.exists(f"{os.path.realpath(self._path)}-wal")
        return status.st_dev, status.st_ino, has_wal

    def _open(self, has_wal: bool) -> sqlite3.Connection:
        # Without a write-ahead log nobody writes; SQLite would make one if it were not told so.
        how = "mode=ro" if has_wal else "mode=ro&immutable=1"
        connection = sqlite3.connect(f"{self._path.as_uri()}?{how}", uri=True, timeout=LOG_OPEN_S)
        connection.text_factory = lambda data: data.decode(errors="replace")
        try:
            if not is_log(connection):
                raise LogError("não é um registro deste chat")
        except BaseException:
            connection.close()
            raise
        return connection


def _row(time: str, kind: str, *rest: Any) -> Row:
    *event, first, last, lost = rest
    return Gap(time, kind, first, last, lost) if kind == Kind.GAP else Event(time, kind, *event)


def _safe(value: Any) -> Any:
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    return clean(value) if isinstance(value, str) else value
