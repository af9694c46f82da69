"""What one client has still to be sent: the bytes that its socket did not take.

Owns their order, their number and their age. Chunks are shared between clients, never copied.
"""

from collections import deque
from itertools import islice

_BUFFERS_PER_SEND = 64


class Outbox:
    """A queue of bytes that remembers since when its head has been waiting."""

    def __init__(self) -> None:
        self._chunks: deque[tuple[memoryview, float]] = deque()
        self.size_bytes = 0

    @property
    def waiting_since_s(self) -> float:
        """When the oldest byte was queued; only if there is one."""
        return self._chunks[0][1]

    def put(self, chunk: memoryview, now_s: float) -> None:
        """Queue a chunk behind the others."""
        self._chunks.append((chunk, now_s))
        self.size_bytes += len(chunk)

    def head(self) -> list[memoryview]:
        """The next buffers to send, as many as one call should take."""
        return [chunk for chunk, _ in islice(self._chunks, _BUFFERS_PER_SEND)]

    def sent(self, count_bytes: int) -> None:
        """The first bytes are gone."""
        self.size_bytes -= count_bytes
        while count_bytes:
            chunk, since_s = self._chunks.popleft()
            if count_bytes < len(chunk):
                self._chunks.appendleft((chunk[count_bytes:], since_s))
                return
            count_bytes -= len(chunk)

    def line_under_way(self) -> bytes:
        """What ends the line that may have been sent in part; empty if nothing waits."""
        if not self._chunks:
            return b""
        return bytes(self._chunks[0][0]).partition(b"\n")[0] + b"\n"

    def clear(self) -> None:
        """Forget it all."""
        self._chunks.clear()
        self.size_bytes = 0
