"""Some bytes arrive changed, as on a line whose checksums failed to notice."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from harness.faults.link.fault import Fault, Place


@dataclass(eq=False)
class Corrupt(Fault):
    """Each byte is changed with a probability of ``chance``, to another that comes from the seed.

    What is changed depends on its place in the stream, not on the pieces in which it comes.
    """

    alters = True

    chance: float = 0.1
    seed: int = 0

    def attach(self, place: Place) -> None:
        """Begin at the first byte of the stream."""
        super().attach(place)
        self._random = Random(self.seed)
        self._seen_bytes = 0
        self._changed: list[int] = []

    def on_data(self, data: bytes) -> None:
        """Pass on as many bytes as came."""
        self.place.pass_on(bytes(self._perhaps_changed(byte) for byte in data))

    def evidence(self) -> str | None:
        """Say how many bytes were changed, and which was the first."""
        if not self._changed:
            return None
        count, first = len(self._changed), self._changed[0] + 1
        return f"{count} of {self._seen_bytes} bytes were changed, the first of them byte {first}"

    def _perhaps_changed(self, byte: int) -> int:
        place, self._seen_bytes = self._seen_bytes, self._seen_bytes + 1
        if self._random.random() >= self.chance:
            return byte
        self._changed.append(place)
        return byte ^ self._random.randint(1, 255)
