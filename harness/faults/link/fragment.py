"""Bytes arrive in small pieces, and each is read before the next comes.

Sending small pieces is not enough: measured, a reader took up to thirty of them in one read. So
each piece waits until the receiver's kernel has taken the one before and its program has read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from harness.faults.link.fault import Close, Fault, Place

LOOK_S = 0.001


@dataclass(eq=False)
class Fragment(Fault):
    """Pieces of 1 to ``most_bytes`` bytes, of sizes that come from the seed.

    It belongs at the end of a chain: what another fault joins behind it is no longer in pieces.
    """

    most_bytes: int = 1
    seed: int = 0

    def attach(self, place: Place) -> None:
        """Begin with nothing sent."""
        super().attach(place)
        self._random = Random(self.seed)
        self._is_waiting = False
        self._read_apart = 0

    def on_data(self, data: bytes) -> None:
        """Send the first piece, unless one is on its way."""
        self.held.put(data)
        self._go_on()

    def on_close(self, how: Close) -> None:
        """Close when the last piece has been read."""
        self.held.put(how)
        self._go_on()

    def evidence(self) -> str | None:
        """Say how many pieces were read before more was sent; of one alone nothing follows."""
        if self._read_apart < 2:
            return None
        return (
            f"{self._read_apart} pieces of at most {self.most_bytes} byte(s) "
            "had each been read before the next was sent"
        )

    def _go_on(self) -> None:
        while self.held and not self._is_waiting:
            item = self.held.take(self._random.randint(1, self.most_bytes))
            if not isinstance(item, Close):
                self._is_waiting = True
                self.place.later(LOOK_S, self._look)
            self.hand_on(item)

    def _look(self) -> None:
        unread = self.place.unread_bytes()
        if unread:
            self.place.later(LOOK_S, self._look)
            return
        self._is_waiting = False
        if unread is None:
            self.release()  # nobody is left who could read it in pieces
        else:
            self._read_apart += 1
            self._go_on()
