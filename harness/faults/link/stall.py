"""Nothing goes on any more, and nobody is told."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults.link.fault import Close, Fault, Place


@dataclass(eq=False)
class Stall(Fault):
    """After ``after_bytes`` bytes everything, a close too, waits until the fault is taken out."""

    blocks = True

    after_bytes: int = 0

    def attach(self, place: Place) -> None:
        """Begin with nothing passed on."""
        super().attach(place)
        self._passed_bytes = 0
        self._most_bytes = 0
        self._ending: Close | None = None

    def on_data(self, data: bytes) -> None:
        """Pass on what may go, and hold the rest."""
        room = self.after_bytes - self._passed_bytes
        going, staying = data[:room], data[room:]
        self._passed_bytes += len(going)
        if going:
            self.place.pass_on(going)
        if staying:
            self.held.put(staying)
            self._most_bytes = max(self._most_bytes, self.held.bytes)

    def on_close(self, how: Close) -> None:
        """Hold it, too, once something is stalled."""
        if self._passed_bytes < self.after_bytes:
            self.place.close(how)
        else:
            self._ending = how
            self.held.put(how)

    def evidence(self) -> str | None:
        """Say what was held."""
        if not self._most_bytes and self._ending is None:
            return None
        ending = f" and then a {self._ending}" if self._ending else ""
        return f"{self._most_bytes} bytes{ending} were held after byte {self._passed_bytes}"
