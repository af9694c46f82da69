"""What a server uses while people come and go: threads, descriptors, memory, CPU.

That something is back where it was is an event with a deadline, not a snapshot: threads take a
moment to end. Only "nothing happens" needs a window of time, for there the time is the measurement.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from harness.simultaneous import received_bytes
from harness.targets.health import Health, examine, wants_a_core
from harness.verdict import Contradicted, Spoilt, Unproven

if TYPE_CHECKING:
    from harness.room import Room

LOOK_EVERY_S = 0.05
"""A look at all processes takes milliseconds, so it is not taken at every turn."""
QUIET_S = 1.0
SPINNING_SHARE = 0.1
"""The share of one core that an idle server may use: a spinning one takes what it gets, a good one
next to nothing. What a busy machine withholds from it counts as well, before it is called idle."""
MOST_SENT_BYTES = 10_000
"""What a server may send to all while nothing happens; a good one sends a ping. One that
repeats itself without end may have to wait for its readers, and use little CPU."""


def health(room: Room) -> Health:
    """Return what the target uses now."""
    return examine(room.running.process.tree())


def require(room: Room, holds: Callable[[Health], bool], told: Callable[[Health], str]) -> None:
    """Wait until something holds of what the target uses; ``told`` says what was seen instead.

    Raises:
        Contradicted: it did not hold until the deadline.
        Spoilt: nor did it, but the harness itself was late.
    """
    seen = health(room)
    looked_s = time.monotonic()

    def is_so() -> bool:
        nonlocal seen, looked_s
        if time.monotonic() - looked_s > LOOK_EVERY_S:
            seen = health(room)
            looked_s = time.monotonic()
        return holds(seen)

    deadline = room.awaits(is_so)
    if not holds(seen):
        raise room.overdue(told(seen), deadline, partial(room.reactor.pump, is_so))
    room.ledger.discharge()


def threads_for_each(room: Room, count: int, baseline: Health) -> None:
    """Check that there is at least one more thread for each of ``count`` clients.

    Raises as ``require``.
    """
    require(
        room,
        lambda now: now.threads >= baseline.threads + count,
        lambda seen: (
            f"{count} clients brought {seen.threads - baseline.threads} threads: "
            f"there were {baseline.threads} before, and are {seen.threads} now"
        ),
    )


def back_to(room: Room, baseline: Health, *, descriptors: bool = False) -> None:
    """Check that threads, and descriptors if asked for, are no more than they were.

    They may be fewer: what the server did before may have been under way still. Raises as
    ``require``.
    """

    def is_back(now: Health) -> bool:
        same = not descriptors or now.descriptors <= baseline.descriptors
        return same and now.threads <= baseline.threads

    require(
        room,
        is_back,
        lambda seen: (
            "after all of them have left there are "
            f"{seen.threads} threads and {seen.descriptors} descriptors, "
            f"and there were {baseline.threads} and {baseline.descriptors}"
        ),
    )


def grows_little(room: Room, before: Health, count: int) -> None:
    """Check that memory has grown less than the limit for so many who came and went.

    Raises:
        Contradicted: it has grown more.
    """
    grown = health(room).resident_bytes - before.resident_bytes
    most = room.limits.memory_growth_bytes_per_1000 * count // 1_000
    room.figures["memory_growth_bytes"] = grown
    if grown >= most:
        raise Contradicted(
            f"{count} came and went, and the server's memory grew by {grown} bytes; "
            f"the limit for so many is {most}"
        )
    room.ledger.discharge()


def stays_quiet(room: Room, after: str) -> None:
    """Check that the target uses next to no CPU for a while in which nobody does anything.

    Raises:
        Contradicted: it uses more than ``SPINNING_SHARE`` of a core, or sends without end.
        Spoilt: until the deadline it wanted one more often than that, and did not get it.
        Unproven: it has ended, and uses nothing.
    """
    deadline = room.deadline()
    while True:
        if not room.running.process.tree():
            raise Unproven(f"there was no server any more that could be idle, after {after}")
        before, began, sent_bytes = health(room), time.monotonic(), received_bytes(room)
        wanting = _share_of_looks_that_find_it_wanting_a_core(room)
        used_s, lasted_s = health(room).cpu_s - before.cpu_s, time.monotonic() - began
        sentence = (
            f"the server used {used_s:.2f} s of CPU in {lasted_s:.2f} s in which nothing happened, "
            f"after {after}"
        )
        if (sent_bytes := received_bytes(room) - sent_bytes) > MOST_SENT_BYTES:
            raise Contradicted(
                f"the server sent {sent_bytes} bytes in {lasted_s:.2f} s in which nothing "
                f"happened, after {after}"
            )
        if used_s > lasted_s * SPINNING_SHARE:
            raise Contradicted(sentence)
        if wanting <= SPINNING_SHARE:
            room.ledger.discharge()
            return
        if deadline.passed:
            raise Spoilt(
                f"{sentence}; but a busy machine gave it no more: it was seen to want a core in "
                f"{wanting:.0%} of all looks"
            )


def _share_of_looks_that_find_it_wanting_a_core(room: Room) -> float:
    """Look again and again, for as long as it should be quiet."""
    processes, looks = room.running.process.tree(), [False]

    def look() -> bool:
        looks.append(any(map(wants_a_core, processes)))
        return False

    room.pump(look, QUIET_S)
    return sum(looks) / len(looks)
