"""Bytes arrive in small pieces, and each is read before the next comes.

Sending small pieces is not enough: measured, a reader took up to thirty of them in one read. So
each piece waits until the receiver's kernel has taken the one before and its program has read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from harness.faults.link.fault import Place, Queue

LOOK_S = 0.001


@dataclass(eq=False)
class Fragment(Queue):
    """Pieces of 1 to ``most_bytes`` bytes, of sizes that come from the seed.

    It belongs at the end of a chain: what another fault joins behind it is no longer in pieces.
    """

    most_bytes: int = 1
    seed: int = 0

    def attach(self, place: Place) -> None:
        """Begin with nothing sent."""
        super().attach(place)
        self._random = Random(self.seed)
        self._read_apart = 0

    def evidence(self) -> str | None:
        """Say how many pieces were read before more was sent; of one alone nothing follows."""
        if self._read_apart < 2:
            return None
        return (
            f"{self._read_apart} pieces of at most {self.most_bytes} byte(s) "
            "had each been read before the next was sent"
        )

    def _size(self) -> int:
        return self._random.randint(1, self.most_bytes)

    def _wait(self, piece: bytes) -> None:
        self.place.later(LOOK_S, self._look)

    def _look(self) -> None:
        unread = self.place.unread_bytes()
        if unread:
            self.place.later(LOOK_S, self._look)
        elif unread is None:
            self._is_busy = False
            self.release()  # nobody is left who could read it in pieces
        else:
            self._read_apart += 1
            self._free()
