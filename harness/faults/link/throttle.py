"""A narrow line: so many bytes a second and no more."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults.link.fault import Place, Queue

STEP_S = 0.005
"""How often a part goes on, where a byte takes no longer than that."""


@dataclass(eq=False)
class Throttle(Queue):
    """``bytes_per_s`` bytes a second; a close comes after all that was sent before it."""

    bytes_per_s: int = 10_000

    def attach(self, place: Place) -> None:
        """Begin with a line that is free."""
        super().attach(place)
        self._waited_bytes = 0

    def evidence(self) -> str | None:
        """Say how much had to wait."""
        if not self._waited_bytes:
            return None
        return f"{self._waited_bytes} bytes waited for a line of {self.bytes_per_s} bytes a second"

    def _size(self) -> int:
        return max(1, int(self.bytes_per_s * STEP_S))

    def _wait(self, piece: bytes) -> None:
        self.place.later(len(piece) / self.bytes_per_s, self._is_free)

    def _is_free(self) -> None:
        self._waited_bytes = max(self._waited_bytes, self.held.bytes)
        self._free()
