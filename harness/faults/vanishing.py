"""A client that vanishes: what the target sends is lost, and nothing comes from us any more.

Every segment that comes in at our own socket is dropped before TCP sees it, so that nothing is
acknowledged. The socket stays open: closing it would say that it is gone.
"""

from __future__ import annotations

from harness.faults.dropping import drop_all
from harness.faults.surroundings import Leaver, Surroundings
from harness.verdict import Unproven


def vanished(client: Leaver, around: Surroundings) -> str:
    """Lose all that comes from now on, and say nothing more."""
    around.require_established()
    client.stop_reading()
    drop_all(client.socket)
    unread = client.unread_bytes()
    around.somebody_speaks()

    def is_in_vain() -> bool:
        peer = around.peer()
        return peer is None or (peer.retransmits > 0 and peer.unacknowledged_bytes > 0)

    if not around.pump(is_in_vain, around.deadline):
        raise Unproven("the target's end never sent anything in vain, so nothing was lost")
    if client.unread_bytes() != unread:
        raise Unproven("something came in although every segment should have been dropped")
    peer = around.peer()
    client.abandon()
    if peer is None:
        return "the target's end is gone, and nothing of that has reached us"
    return (
        f"the target's end has sent {peer.unacknowledged_bytes} bytes in vain, "
        f"{peer.retransmits} time(s) again"
    )
