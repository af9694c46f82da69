"""The reference server in a room of its own, for scenarios that are called from a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from harness import lifetimes
from harness.clients.reactor import Reactor
from harness.expect import Vocabulary
from harness.faults.profiles import PROFILES
from harness.history import History
from harness.linked import Lines
from harness.room import Room
from harness.system import load
from harness.targets import launch
from harness.verdict import Ledger, Stopped, Verdict, worst
from spec import limits

Scenario = Callable[..., None]


@contextmanager
def reference(*covers: str, profile: str = "direct", scale: float = 1.0) -> Iterator[Room]:
    """Start the reference server, with connections as in this profile; ``scale`` is patience."""
    lifetimes.adopt_orphans()
    system, reactor, history = load("reference-server"), Reactor(), History()
    room = Room(
        system=system,
        running=launch.start(system.description, reactor, history, scale),
        reactor=reactor,
        history=history,
        ledger=Ledger(covers),
        bounds=limits.load(),
        vocabulary=Vocabulary(Random(7)),
        scale=scale,
        lines=Lines(PROFILES.get(profile), Random(7)),
    )
    try:
        yield room
    finally:
        room.close()


def perform(scenario: Scenario, profile: str = "direct", **values: Any) -> tuple[Verdict, str]:
    """Return the verdict of a scenario on the reference, and why, as the plugin would judge."""
    covers: tuple[str, ...] = scenario.__dict__["covers"]
    with reference(*covers, profile=profile) as room:
        try:
            scenario(room, **values)
        except Stopped as why:
            room.ledger.stop_the_rest(why)
        room.finish()
        judgements = room.ledger.judgements()
        verdict = worst(judged.verdict for judged in judgements)
        return verdict, "; ".join(judged.reason for judged in judgements if judged.reason)
