"""Checkpoints: what the log's file takes over from its write-ahead log, off the dispatcher.

Owns the one thread that waits for the disk, with a connection of its own. PASSIVE checkpoints
wait for nobody and lock nobody out. They are far apart, because the first write after one waits
for the disk as well; while nothing is written there are none.

Law: the write-ahead log starts again from its beginning whenever a checkpoint has caught up with
the writer and no reader is in the middle of it. A writer that never pauses is held back for one
checkpoint when the write-ahead log has grown past its bound.
"""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from threading import Event, Lock, Thread

from chat.config import CHECKPOINT_PAUSE_S, WAL_MAX_PAGES


class Checkpoints:
    """The thread, from the opening of a log to its closing."""

    def __init__(self, path: Path) -> None:
        self.writing = Lock()
        """Held by the writer for every transaction."""
        self._news = Event()
        self._is_closed = Event()
        self._connection = sqlite3.connect(
            f"{path.as_uri()}?mode=rw", uri=True, timeout=0, check_same_thread=False
        )
        self._thread = Thread(target=self._run, name="registro", daemon=True)
        try:
            self._thread.start()
        except BaseException:
            self._connection.close()
            raise

    def expect(self) -> None:
        """Something was written."""
        if not self._news.is_set():
            self._news.set()

    def close(self) -> None:
        """End the thread; waits for a checkpoint under way."""
        self._is_closed.set()
        self._news.set()
        self._thread.join()

    def _run(self) -> None:
        with closing(self._connection):
            while self._news.wait() and not self._is_closed.wait(CHECKPOINT_PAUSE_S):
                self._news.clear()
                with suppress(sqlite3.Error):  # for example, the disk is full: later, then
                    self._checkpoint()

    def _checkpoint(self) -> None:
        _, pages, done = self._pass()
        if pages > WAL_MAX_PAGES and done < pages:
            with self.writing:
                self._pass()

    def _pass(self) -> tuple[int, int, int]:
        """One checkpoint: whether it was kept from its end, pages in the log, pages taken over."""
        row: tuple[int, int, int] = self._connection.execute(
            "PRAGMA wal_checkpoint(PASSIVE)"
        ).fetchone()
        return row
