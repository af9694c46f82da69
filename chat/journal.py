"""The journal (RF-006): what happens in the room, written down before it is delivered (9.2).

Owns what could not be written yet, and when to try again. Only the dispatcher calls it, and when
that has ended, whoever closes it.

Laws: rows are written in the order of the room, each once, one transaction for a batch; nothing
is delivered before it was written or is waiting here. What waits is bounded; what does not fit
leaves one gap, in its place. Nothing here waits for another program.
"""

from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from time import monotonic, sleep

from chat.config import LOG_CHUNK_ROWS, LOG_CLOSE_S, LOG_RETRY_S
from chat.logerror import LogError
from chat.logfile import LogFile
from chat.logrows import Event, Gap, Row, gap, now
from chat.peer import Peer
from chat.protocol import clean
from chat.records import Kind, Record


class Journal:
    """Writes to a log file; without one it keeps nothing."""

    def __init__(
        self,
        file: LogFile | None,
        bound_rows: int,
        keeps_private_texts: bool,
        tell: Callable[[str], None],
    ) -> None:
        self._file = file
        self._bound_rows = bound_rows
        self._keeps_private_texts = keeps_private_texts
        self._tell = tell
        self._waiting: deque[Row] = deque()
        self._retry_at_s = 0.0

    def write(self, records: Sequence[Record[Peer]], now_s: float) -> None:
        """Write these records, or keep them until they can be written.

        What was written survives the death of the process, not that of the machine. What is kept
        survives neither. A disk that is slow makes this slow.
        """
        if self._file is None or not records:
            return
        time = now()
        rows = [self._row(time, record) for record in records]
        if not self._waiting:
            try:
                self._file.append(rows)
                return
            except LogError as error:
                self._retry_at_s = now_s + LOG_RETRY_S
                self._tell(f"não é possível escrever em {self._file.path}: {error}")
        for row in rows:
            self._keep(row)

    def until_retry_s(self, now_s: float) -> float | None:
        """How long until `retry` is due; None if nothing waits."""
        return max(0.0, self._retry_at_s - now_s) if self._waiting else None

    def retry(self, now_s: float) -> None:
        """Write what waits, if it is time to try and if it can be written."""
        if self._waiting and self._retry_at_s <= now_s:
            self._retry_at_s = now_s + LOG_RETRY_S
            self._write_waiting()

    def close(self) -> None:
        """Write what waits, if that becomes possible in time, and give the file back."""
        until_s = monotonic() + LOG_CLOSE_S
        while self._waiting and not self._write_waiting() and monotonic() < until_s:
            sleep(LOG_RETRY_S)
        if self._waiting:
            self._tell(f"{sum(map(_weight, self._waiting))} registros não foram escritos")
        if self._file:
            self._file.close()

    def _write_waiting(self) -> bool:
        """Write what waits, the oldest first; False: some of it must go on waiting."""
        assert self._file
        try:
            while chunk := list(islice(self._waiting, LOG_CHUNK_ROWS)):
                self._file.append(chunk)
                for _ in chunk:
                    self._waiting.popleft()
        except LogError:
            return False
        self._tell(f"{self._file.path} voltou a ser escrito")
        return True

    def _keep(self, row: Row) -> None:
        """Let a row wait, or let it go into the gap at the end of what waits."""
        if len(self._waiting) < self._bound_rows:
            self._waiting.append(row)
            return
        match self._waiting[-1]:
            case Gap(first=first, lost=lost):
                self._waiting[-1] = gap(first, row.time, lost + 1)
            case _:
                self._waiting.append(gap(row.time, row.time, 1))

    def _row(self, time: str, record: Record[Peer]) -> Event:
        kind, who, name, recipient, text = record
        length = None
        if text is not None:
            text = clean(text)
            length = len(text.encode())
        if kind is Kind.PRIVATE and not self._keeps_private_texts:
            text = None
        return Event(time, str(kind), name, who.address, recipient, text, length)


def _weight(row: Row) -> int:
    """How many rows it stands for."""
    return row.lost if isinstance(row, Gap) else 1
