"""A narrow line: so many bytes a second and no more."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults.link.fault import Close, Fault, Place

STEP_S = 0.02
"""How often a part goes on, where a byte takes no longer than that."""


@dataclass(eq=False)
class Throttle(Fault):
    """``bytes_per_s`` bytes a second; a close comes after all that was sent before it."""

    bytes_per_s: int = 10_000

    def attach(self, place: Place) -> None:
        """Begin with a line that is free."""
        super().attach(place)
        self._is_busy = False
        self._waited_bytes = 0

    def on_data(self, data: bytes) -> None:
        """Pass on what may go now; the rest waits."""
        self.held.put(data)
        self._go_on()

    def on_close(self, how: Close) -> None:
        """Close after all that waits."""
        self.held.put(how)
        self._go_on()

    def evidence(self) -> str | None:
        """Say how much had to wait."""
        if not self._waited_bytes:
            return None
        return f"{self._waited_bytes} bytes waited for a line of {self.bytes_per_s} bytes a second"

    def _go_on(self) -> None:
        while self.held and not self._is_busy:
            item = self.held.take(max(1, int(self.bytes_per_s * STEP_S)))
            if not isinstance(item, Close):
                self._is_busy = True
                self.place.later(len(item) / self.bytes_per_s, self._is_free)
            self.hand_on(item)

    def _is_free(self) -> None:
        self._waited_bytes = max(self._waited_bytes, self.held.bytes)
        self._is_busy = False
        self._go_on()
