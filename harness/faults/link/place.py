"""Where one fault stands in a direction: between what comes before it and what lies onward."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from harness.faults.link.endpoint import Endpoint, Loop
from harness.faults.link.fault import Close, End, Fault


class Onward(Protocol):
    """What something is passed on to: another fault's place, or the outlet."""

    @property
    def waiting_bytes(self) -> int:
        """What was passed on to it and has not been taken by the receiver's kernel."""

    def take(self, data: bytes) -> None:
        """Take bytes."""

    def end(self, how: Close) -> None:
        """Take a close."""


class Between:
    """The place of one fault; see ``fault.Place``. ``settle`` is called after each timer."""

    def __init__(
        self,
        fault: Fault,
        onward: Onward,
        source: Endpoint,
        sink: Endpoint,
        loop: Loop,
        settle: Callable[[], None],
    ) -> None:
        """Stand before ``onward``."""
        self.fault = fault
        self.onward = onward
        self.is_left = False
        self._source = source
        self._sink = sink
        self._loop = loop
        self._settle = settle

    # -- as those before it see it --------------------------------------------------------

    @property
    def waiting_bytes(self) -> int:
        """What was passed on to this fault and has not been taken by the receiver's kernel."""
        return self.fault.held.bytes + self.onward.waiting_bytes

    def take(self, data: bytes) -> None:
        """Give bytes to the fault."""
        self.fault.on_data(data)

    def end(self, how: Close) -> None:
        """Give a close to the fault."""
        self.fault.on_close(how)

    # -- as the fault sees it -------------------------------------------------------------

    def pass_on(self, data: bytes) -> None:
        """Give bytes to whatever lies onward."""
        self.onward.take(data)

    def close(self, how: Close) -> None:
        """Give a close to whatever lies onward."""
        self.onward.end(how)

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call after so many seconds, unless the fault has been taken out by then."""

        def due() -> None:
            if not self.is_left:
                call()
                self._settle()

        self._loop.later(seconds, due)

    def now_s(self) -> float:
        """Return the time, in seconds of a monotonic clock."""
        return time.monotonic()

    def sender(self) -> End | None:
        """Return the socket that sends along this direction; None when it is gone."""
        return self._source.peer()

    def receiver(self) -> End | None:
        """Return the socket that receives along this direction; None when it is gone."""
        return self._sink.peer()

    def unread_bytes(self) -> int | None:
        """Return how much of what was passed on its receiver has not read; None: it is gone."""
        waiting = self.onward.waiting_bytes
        receiver = self.receiver()
        return None if receiver is None else waiting + receiver.unread_bytes

    def lose_all_that_comes(self, *, on: bool) -> None:
        """Drop every segment that the sender's end sends us, or take them again."""
        self._source.lose_all_that_comes(on)
