"""One selector loop for everything a scenario listens to: no threads, no races of our own.

While one client waits for something, what all the others receive is read too. The reactor also
watches itself: a turn that took long, or came long after the one before, is remembered, because a
deadline that passed while the harness was late says nothing about the target.
"""

from __future__ import annotations

import heapq
import itertools
import selectors
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from harness.deadline import Deadline

TURN_S = 0.02
"""The longest single wait: conditions that no descriptor announces are looked at this often."""

Handler = Callable[[int], None]
Timer = tuple[float, int, Callable[[], None]]
"""When, on the monotonic clock; in which order, of those that are due together; what is called."""


@dataclass(slots=True)
class Reactor:
    """Waits for descriptors and calls their handlers with the ready mask."""

    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    watchers: list[Callable[[], None]] = field(default_factory=list)
    lags: list[tuple[float, float]] = field(default_factory=list)
    turned: float = field(default_factory=time.monotonic)
    timers: list[Timer] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def watch(self, descriptor: int, events: int, handler: Handler) -> None:
        """Call ``handler`` whenever the descriptor is ready for ``events``."""
        if descriptor in self.selector.get_map():
            self.selector.modify(descriptor, events, handler)
        else:
            self.selector.register(descriptor, events, handler)

    def forget(self, descriptor: int) -> None:
        """Stop watching a descriptor; harmless when it is not watched."""
        if descriptor in self.selector.get_map():
            self.selector.unregister(descriptor)

    def each_turn(self, watcher: Callable[[], None]) -> None:
        """Call ``watcher`` at the end of every turn."""
        self.watchers.append(watcher)

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call once, in the first turn that ends when so many seconds have passed."""
        timer = (time.monotonic() + seconds, next(self.numbers), call)
        heapq.heappush(self.timers, timer)

    def turn(self, most_s: float = TURN_S) -> None:
        """Wait at most ``most_s`` for anything, and handle all that is ready or due."""
        asked = time.monotonic()
        due_s = self.timers[0][0] - asked if self.timers else TURN_S
        waiting_s = max(0.0, min(most_s, TURN_S, due_s))
        ready = self.selector.select(waiting_s)
        waited_s = time.monotonic() - asked
        for key, mask in ready:
            key.data(mask)
        self._call_what_is_due()
        for watcher in self.watchers:
            watcher()
        now = time.monotonic()
        late = now - self.turned - min(waited_s, waiting_s)
        if late > TURN_S:
            self.lags.append((now, late))
        self.turned = now

    def _call_what_is_due(self) -> None:
        now = time.monotonic()
        while self.timers and self.timers[0][0] <= now:
            heapq.heappop(self.timers)[2]()

    def pump(self, until: Callable[[], bool], deadline: Deadline) -> bool:
        """Turn until the condition holds or the deadline passes; return whether it holds.

        At least one turn is made: who only looks at what has come would otherwise read nothing for
        as long as it looks, and answer no ping.
        """
        self.turn(0.0)
        while not until():
            if deadline.passed:
                return until()
            self.turn(deadline.remaining_s())
        return True

    def worst_lag_s(self, since: float) -> float:
        """Return the longest delay of our own since a moment of the monotonic clock."""
        return max((late for at, late in self.lags if at >= since), default=0.0)

    def close(self) -> None:
        """Release the selector; the descriptors belong to others."""
        self.selector.close()
