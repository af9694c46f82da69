"""How big a bench is: the same for everybody, so that figures compare; smaller in our tests."""

from __future__ import annotations

import msgspec


class Sizes(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of people; rates, in messages per second over all senders.

    ``patience_s`` is how long what was sent may take to arrive before it counts as lost, ``join_s``
    how long a hundred people may take to come in.
    """

    members: int = 100
    senders: int = 10
    in_flight: int = 20
    rate: float = 200.0
    crowd: int = 1_000
    crowd_rate: float = 50.0
    isolated: int = 20
    isolated_rate: float = 100.0
    patience_s: float = 10.0
    join_s: float = 60.0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One bench: which targets, how often, how many seconds each measure takes."""

    targets: list[str]
    runs: int
    seconds: float
    sizes: Sizes = Sizes()
