"""The connection, or this direction of it, ends after a certain byte."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults.link.fault import Close, Fault, Place

UNTOLD = {
    Close.HALF: ("ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2"),
    Close.FULL: ("ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2"),
}
"""States of the receiver's socket in which it has seen no FIN; after an RST it has no state."""


@dataclass(eq=False)
class Cut(Fault):
    """After ``after_bytes`` bytes the direction ends in the way of ``how``; see ``Close``.

    What the sender sends beyond is lost. With 0 bytes it ends at the first that comes.
    """

    loses = True

    after_bytes: int = 8
    how: Close = Close.RST

    def attach(self, place: Place) -> None:
        """Begin with a direction that is whole."""
        super().attach(place)
        self._seen_bytes = 0
        self._is_cut = False
        self._was_whole = False

    def on_data(self, data: bytes) -> None:
        """Pass on what comes before the cut.

        The receiver is looked at before it has the last of it, which may be what makes it close.
        """
        going = data[: max(0, self.after_bytes - self._seen_bytes)]
        self._seen_bytes += len(data)
        is_the_end = self._seen_bytes >= self.after_bytes and not self._is_cut
        if is_the_end:
            receiver = self.place.receiver()
            self._was_whole = receiver is not None and receiver.state == "ESTABLISHED"
        if going:
            self.place.pass_on(going)
        if is_the_end:
            self._is_cut = True
            self.place.close(self.how)

    def evidence(self) -> str | None:
        """Say where it was cut, and in which state that left the receiver's socket."""
        state = self._state_after()
        if not self._was_whole or state is None:
            return None
        return (
            f"cut after byte {self.after_bytes} of {self._seen_bytes} with {self.how}; "
            f"the receiver's socket was ESTABLISHED and is {state}"
        )

    def _state_after(self) -> str | None:
        """Return what the receiver's socket is, if that shows that it was told."""
        receiver = self.place.receiver()
        if receiver is None:
            return "gone"
        is_told = receiver.state not in UNTOLD.get(self.how, (receiver.state,))
        return receiver.state if is_told else None
