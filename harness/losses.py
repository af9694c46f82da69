"""A client loses its server: what its window tells of it, and how it ends (RF-023)."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from harness import asking
from harness.faults.leaving import WAYS
from harness.faults.surroundings import Surroundings
from harness.gui.sights import words
from harness.resources import SPINNING_SHARE
from harness.targets.health import examine
from harness.verdict import Contradicted

if TYPE_CHECKING:
    from harness.desk import Desk

GARBAGE = bytes(range(255, -1, -1)) * 4 + b"\r\n"
"""Every byte that there is: no text in UTF-8, no line of any protocol, no sensible length."""
WATCHED_S = 0.5
"""How long its use of the CPU is looked at while its message waits for its reader."""


def lose(desk: Desk, way: str) -> None:
    """Let the server go, in one of ``WAYS``.

    Raises:
        Unproven: there is no evidence that it is gone for the client.
    """
    client = desk.server.client
    network = desk.prepared.ground.network

    def user_speaks() -> None:
        desk.types(desk.vocabulary.nonce())
        desk.window.enter()

    around = Surroundings(
        pump=desk.reactor.pump,
        peer=lambda: network.peer_row(client.ours, client.theirs),
        somebody_speaks=user_speaks,
        somebody_says_much=lambda: 0,
        deadline=desk.deadline(),
    )
    desk.history.record("server", "?", WAYS[way].act(client, around))


def bring_garbage(desk: Desk) -> None:
    """Send what nobody can understand, and keep the connection."""
    desk.server.client.write(GARBAGE)


def tells_and_ends(desk: Desk, before: frozenset[str], limit_s: float) -> None:
    """Expect words that were not there before, then a safe end, once they have been read.

    Raises:
        Contradicted: nothing is told within the limit, or it does not end, or not safely.
    """
    deadline = desk.deadline(limit_s)
    look = partial(desk.window.waits_for, lambda tree: bool(words(tree) - before))
    if look(deadline) is None:
        raise desk.overdue(desk.why_mute("the window tells nothing of it"), deadline, look)
    desk.ledger.discharge()
    _does_not_spin(desk)
    asking.dismiss(desk)
    _ends_safely(desk)


def _does_not_spin(desk: Desk) -> None:
    """Look at how much it uses while it waits, if it does."""
    processes, began = desk.process.tree(), time.monotonic()
    before_s = examine(processes).cpu_s
    desk.reactor.pump(lambda: desk.process.status is not None, desk.deadline(WATCHED_S))
    if desk.process.status is not None:
        return
    used_s, lasted_s = examine(processes).cpu_s - before_s, time.monotonic() - began
    if used_s > lasted_s * SPINNING_SHARE:
        raise Contradicted(
            f"after the loss it used {used_s:.2f} s of CPU in {lasted_s:.2f} s, while it waited"
        )
    desk.ledger.discharge()


def _ends_safely(desk: Desk) -> None:
    deadline = desk.deadline()
    look = partial(desk.reactor.pump, lambda: desk.process.status is not None)
    if not look(deadline):
        raise desk.overdue("it told of the loss, and did not end", deadline, look)
    status = desk.process.status
    if traceback := desk.traceback():
        raise Contradicted(f"it ended with a traceback: {traceback}")
    if status is None or status < 0:
        raise Contradicted(f"it was ended by signal {-(status or 0)}")
    desk.ledger.discharge()
