"""Bytes that were sent apart arrive together, in one segment."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults.link.fault import Close, Fault, Place


@dataclass(eq=False)
class Coalesce(Fault):
    """All that comes within ``gather_s`` seconds of the first byte goes on at once."""

    gather_s: float = 0.05

    def attach(self, place: Place) -> None:
        """Begin with nothing gathered."""
        super().attach(place)
        self._pieces: list[int] = []
        self._is_waiting = False
        self._most: list[int] = []

    def on_data(self, data: bytes) -> None:
        """Gather it, and wait for more."""
        self.held.put(data)
        self._pieces.append(len(data))
        if not self._is_waiting:
            self._is_waiting = True
            self.place.later(self.gather_s, self._pass_on)

    def on_close(self, how: Close) -> None:
        """Pass on what was gathered, and close."""
        self.release()
        self.place.close(how)

    def release(self) -> None:
        """Pass on what was gathered, in one piece."""
        joined = b"".join(item for item in self.held.take_all() if not isinstance(item, Close))
        if len(self._pieces) > len(self._most):
            self._most = self._pieces
        self._pieces = []
        if joined:
            self.place.pass_on(joined)

    def evidence(self) -> str | None:
        """Say how many pieces became one."""
        if len(self._most) < 2:
            return None
        return f"{len(self._most)} pieces that came apart went on as one of {sum(self._most)} bytes"

    def _pass_on(self) -> None:
        self._is_waiting = False
        self.release()
