"""How every connection of a run is carried: the profiles of ``--profile``.

A profile puts a fault on each direction of every connection, and changes nothing but when bytes
arrive and which arrive together. TCP promises neither, so a target that keeps to a framing must
show the same under each of them. ``direct`` is no profile of this table: nothing is carried.

A new profile is an entry here. What its faults do, and how they show that they did it, is theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.faults.link.coalesce import Coalesce
from harness.faults.link.delay import Delay
from harness.faults.link.fault import Fault
from harness.faults.link.fragment import Fragment
from harness.faults.link.throttle import Throttle

DIRECT = "direct"
"""The client's own socket is connected to the target."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is put on a connection; each fault is made from a seed.

    ``regroups`` says that it decides which bytes arrive together, of which only a protocol with
    framing can make the same. ``greets`` says that somebody who comes in speaks at once, for
    whoever waits for an answer to each thing it writes gives nothing to be joined.
    """

    what: str
    upstream: Callable[[int], Fault]
    downstream: Callable[[int], Fault] | None = None
    regroups: bool = False
    greets: bool = False


PROFILES: dict[str, Profile] = {
    "fragmented": Profile(
        "what the target reads comes in pieces of 1 to 7 bytes, each read before the next is sent",
        upstream=lambda seed: Fragment(most_bytes=7, seed=seed),
        regroups=True,
    ),
    "coalesced": Profile(
        "what is sent within 30 ms arrives at once, name and first message too",
        upstream=lambda _seed: Coalesce(gather_s=0.03),
        regroups=True,
        greets=True,
    ),
    "delayed": Profile(
        "everything arrives 40 to 80 ms late, there and back",
        upstream=lambda seed: Delay(delay_s=0.04, jitter_s=0.04, seed=seed),
        downstream=lambda seed: Delay(delay_s=0.04, jitter_s=0.04, seed=seed),
    ),
    "throttled": Profile(
        "no more than 1,400 bytes a second go there, in pieces of 7 at most",
        upstream=lambda _seed: Throttle(bytes_per_s=1_400),
        regroups=True,
    ),
}


def names() -> list[str]:
    """Return all that ``--profile`` may name."""
    return [DIRECT, *PROFILES]
