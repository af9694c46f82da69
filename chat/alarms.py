"""Deadlines: who must be looked at again, and when.

Owns a heap of moments. An alarm may ring early, never late: whoever it is for is looked at, and
sets another if its time has not come. So a deadline that moves on costs nothing.
"""

import heapq
from itertools import count

from chat.peer import Peer

_NEVER_S = float("inf")
_STALE_MAX = 64

_Alarm = tuple[float, int, Peer]


class Alarms:
    """The dispatcher's timers."""

    def __init__(self) -> None:
        self._heap: list[_Alarm] = []
        self._earliest_s: dict[Peer, float] = {}
        self._serial = count()

    def set(self, peer: Peer, when_s: float) -> None:
        """Ring for `peer` no later than this."""
        if when_s < self._earliest_s.get(peer, _NEVER_S):
            self._earliest_s[peer] = when_s
            heapq.heappush(self._heap, (when_s, next(self._serial), peer))

    def forget(self, peer: Peer) -> None:
        """Ring no more for `peer`, and keep nothing of it for long."""
        self._earliest_s.pop(peer, None)
        if len(self._heap) > 2 * len(self._earliest_s) + _STALE_MAX:
            self._heap = [alarm for alarm in self._heap if self._is_set(alarm)]
            heapq.heapify(self._heap)

    def until_next_s(self, now_s: float) -> float | None:
        """How long until one rings; None if none is set."""
        return max(0.0, self._heap[0][0] - now_s) if self._heap else None

    def due(self, now_s: float) -> list[Peer]:
        """Those whose alarm has rung, once."""
        peers = []
        while self._heap and self._heap[0][0] <= now_s:
            alarm = heapq.heappop(self._heap)
            if self._is_set(alarm):
                del self._earliest_s[alarm[2]]
                peers.append(alarm[2])
        return peers

    def _is_set(self, alarm: _Alarm) -> bool:
        when_s, _, peer = alarm
        return self._earliest_s.get(peer) == when_s
