"""The end of a direction: what the last fault passed on goes to the socket, and then the close.

An RST makes our kernel forget what it has not delivered, while what came before it had been
delivered to us. So an RST waits until the receiver's kernel has taken that, but not for ever: a
sender whose receiver takes nothing would not have been able to deliver it.
"""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable

from harness.faults.link.endpoint import Endpoint, Loop
from harness.faults.link.fault import Close

LOOK_S = 0.002
TAKEN_S = 1.0
"""How long an RST waits for what was sent before it."""
STRENGTH = (Close.HALF, Close.FULL, Close.RST)


class Outlet:
    """Writes to one endpoint.

    ``end`` carries out a close that is about both ends; ``settle`` is called when there is room.
    """

    def __init__(
        self,
        sink: Endpoint,
        loop: Loop,
        end: Callable[[Close], None],
        settle: Callable[[], None],
    ) -> None:
        """Begin with nothing to write."""
        self._sink = sink
        self._loop = loop
        self._end = end
        self._settle = settle
        self._unsent = bytearray()
        self._closing: Close | None = None
        sink.on_writable = self._go_on

    @property
    def held_bytes(self) -> int:
        """What our kernel has not taken yet."""
        return len(self._unsent)

    @property
    def waiting_bytes(self) -> int:
        """What the receiver's kernel has not taken yet."""
        return len(self._unsent) + self._sink.unacknowledged_bytes()

    @property
    def is_finished(self) -> bool:
        """Whether the receiver was told that nothing more comes."""
        return self._sink.is_finished or self._sink.is_closed

    def take(self, data: bytes) -> None:
        """Write bytes; what comes after a close goes nowhere."""
        if self._closing is None:
            self._unsent += data
            self._flush()

    def end(self, how: Close) -> None:
        """Close when all is written; of several ways the hardest."""
        if self._closing is not None and STRENGTH.index(how) <= STRENGTH.index(self._closing):
            return
        self._closing = how
        if how is Close.RST:
            self._reset_when_taken(time.monotonic() + TAKEN_S)
        else:
            self._flush()

    def _go_on(self) -> None:
        self._flush()
        self._settle()

    def _flush(self) -> None:
        """Write what the kernel takes now, and give the FIN when nothing is left."""
        while self._unsent and (taken := self._sink.send(self._unsent)):
            del self._unsent[:taken]
        self._sink.want(selectors.EVENT_WRITE, bool(self._unsent))
        if self._closing in (Close.HALF, Close.FULL) and not self._unsent:
            self._sink.finish()
            if self._closing is Close.FULL:
                self._end(Close.FULL)

    def _reset_when_taken(self, until_s: float) -> None:
        if self.waiting_bytes == 0 or time.monotonic() >= until_s:
            self._unsent.clear()
            self._end(Close.RST)
        else:
            self._loop.later(LOOK_S, lambda: self._reset_when_taken(until_s))
