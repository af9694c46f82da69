"""One direction of a link: what one end sends goes through a chain of faults to the other.

It reads no more than the faults and the receiver take: what is on its way in our memory is bounded
by ``MOST_BYTES`` and one read, and then TCP holds the sender back.
"""

from __future__ import annotations

import selectors
from collections.abc import Callable

from harness.faults.link.endpoint import Endpoint, Loop
from harness.faults.link.fault import Close, Fault
from harness.faults.link.outlet import Outlet
from harness.faults.link.place import Between, Onward

MOST_BYTES = 65_536
LOOK_S = 0.02
"""How often a sender that has given its FIN is looked at, for an RST may follow."""


class Direction:
    """Carries from ``source`` to ``sink``. Not thread-safe: it lives on the reactor.

    ``end`` is told ``HALF`` when this direction is over, ``FULL`` or ``RST`` when both must be.
    ``carried`` has all faults that there were, ``came_bytes`` counts what the sender has sent.
    """

    def __init__(
        self, source: Endpoint, sink: Endpoint, loop: Loop, end: Callable[[Close], None]
    ) -> None:
        """Begin to carry, without any fault."""
        self._source = source
        self._sink = sink
        self._loop = loop
        self._end = end
        self._outlet = Outlet(sink, loop, end, self._settle)
        self._places: list[Between] = []
        self._is_read_out = False
        self.carried: list[Fault] = []
        self.came_bytes = 0
        source.on_readable = self._read
        self._settle()

    @property
    def held_bytes(self) -> int:
        """What has been read and is still with us, outside the kernel."""
        return self._outlet.held_bytes + sum(place.fault.held.bytes for place in self._places)

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes, and the receiver was told."""
        return self._is_read_out and self._outlet.is_finished

    def add(self, fault: Fault) -> None:
        """Put a fault at the end of the chain, next to the receiver."""
        place = Between(fault, self._outlet, self._source, self._sink, self._loop, self._settle)
        self._places.append(place)
        self.carried.append(fault)
        self._join()
        fault.attach(place)

    def remove(self, fault: Fault) -> None:
        """Take a fault out: what it holds goes on now. Harmless when it is not in the chain."""
        for place in [place for place in self._places if place.fault is fault]:
            fault.release()
            place.is_left = True
        self._places = [place for place in self._places if not place.is_left]
        self._join()
        self._settle()

    def stop(self) -> None:
        """Carry nothing more; what the faults hold is lost, what they say stays."""
        for place in self._places:
            place.is_left = True
        self._places.clear()

    @property
    def _first(self) -> Onward:
        return self._places[0] if self._places else self._outlet

    def _join(self) -> None:
        """Let each fault pass on to the next, and the last to the outlet."""
        onward: Onward = self._outlet
        for place in reversed(self._places):
            place.onward = onward
            onward = place

    def _read(self) -> None:
        came = self._source.receive()
        if came is None:
            return
        if isinstance(came, Close):
            self._is_read_out = True
            self._first.end(came)
            self._look_for_a_reset()
        else:
            self.came_bytes += len(came)
            self._first.take(came)
        self._settle()

    def _look_for_a_reset(self) -> None:
        """Carry an RST that comes after the sender's FIN, where reading does not tell of it."""
        if self._source.is_reset:
            self._first.end(Close.RST)
            self._settle()
        elif not self._source.is_closed and not self._source.is_finished:
            self._loop.later(LOOK_S, self._look_for_a_reset)

    def _settle(self) -> None:
        """Read on if there is room, and tell when all is over."""
        has_room = self.held_bytes < MOST_BYTES
        self._source.want(selectors.EVENT_READ, has_room and not self._is_read_out)
        if self.is_over:
            self._end(Close.HALF)
