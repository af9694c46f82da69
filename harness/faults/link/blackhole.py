"""A line that has failed without a word: what the sender sends is lost before it reaches us.

The kernel drops it at our socket (``dropping``), so that the sender's own kernel sees what it sees
on a dead line: no acknowledgement, and it sends again. When the fault is taken out the line heals,
and what the sender still has arrives with its next attempt; the pauses between them double each
time. An RST is sent once: one that was lost never arrives, and the connection stays half-open.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults.link.fault import Fault, Place


@dataclass(eq=False)
class Blackhole(Fault):
    """Loses every segment of the sender: data, FIN, RST, and its acknowledgements of the other way.

    So the other direction of the link goes on, but its kernel sends again, too.
    """

    blocks = True
    swallows_resets = True

    def attach(self, place: Place) -> None:
        """Begin to lose what comes."""
        super().attach(place)
        self._seen: str | None = None
        self.place.lose_all_that_comes(on=True)

    def release(self) -> None:
        """Heal the line, after a last look at what it did."""
        self.evidence()
        self.place.lose_all_that_comes(on=False)
        super().release()

    def evidence(self) -> str | None:
        """Say how much the sender sent in vain at the last look that showed any."""
        sender = self.place.sender()
        if sender and sender.retransmits and sender.unacknowledged_bytes:
            self._seen = (
                f"the sender's socket sent {sender.unacknowledged_bytes} bytes in vain, "
                f"{sender.retransmits} time(s) again"
            )
        return self._seen
