"""Everything arrives later, and not always equally late."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from random import Random

from harness.faults.link.fault import Close, Fault, Place


@dataclass(eq=False)
class Delay(Fault):
    """Each piece, and the close, arrives after ``delay_s`` and up to ``jitter_s`` seconds more.

    The jitter of each comes from the seed; nothing overtakes what was sent before it.
    """

    delay_s: float = 0.05
    jitter_s: float = 0.0
    seed: int = 0

    def attach(self, place: Place) -> None:
        """Begin with nothing delayed."""
        super().attach(place)
        self._random = Random(self.seed)
        self._came: deque[tuple[float, float]] = deque()
        self._delayed = 0
        self._shortest_s = float("inf")

    def on_data(self, data: bytes) -> None:
        """Keep it for its time."""
        self._keep(data)

    def on_close(self, how: Close) -> None:
        """Keep the close for its time."""
        self._keep(how)

    def evidence(self) -> str | None:
        """Say how many pieces were late, and by how much at least."""
        if not self._delayed:
            return None
        return f"{self._delayed} piece(s) were held back, each for {self._shortest_s:.3f} s or more"

    def _keep(self, item: bytes | Close) -> None:
        now = self.place.now_s()
        due = now + self.delay_s + self._random.uniform(0.0, self.jitter_s)
        if self._came:
            due = max(due, self._came[-1][1])
        self._came.append((now, due))
        self.held.put(item)
        self.place.later(due - now, self._pass_on)

    def _pass_on(self) -> None:
        """Pass on the first: there is one timer for each, and they come in order."""
        item = self.held.take()
        came, _ = self._came.popleft()
        if not isinstance(item, Close):
            self._delayed += 1
            self._shortest_s = min(self._shortest_s, self.place.now_s() - came)
        self.hand_on(item)
