"""A started target and the crowd in it; started and ended by the same code as in a run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from harness.clients.reactor import Reactor
from harness.deadline import Deadline
from harness.expect import Vocabulary
from harness.history import History
from harness.load.crowd import Crowd, Member
from harness.load.joining import ATTEMPTS, first_words, hears_itself, join
from harness.load.measures import Senders
from harness.load.pings import pings
from harness.load.texts import wrapping
from harness.system import System
from harness.targets.launch import start

END_S = 5.0
START_SCALE = 3.0
FIRST_TEXT = ATTEMPTS + 1
"""The numbers below it were said to find out who hears whom."""


@dataclass(slots=True)
class Stage:
    """A started target and the crowd in it."""

    system: System
    crowd: Crowd
    processes: list[psutil.Process]
    address: tuple[str, int]
    names: Vocabulary
    join_s: float

    def join(self, count: int) -> list[Member]:
        """Let people in until there are ``count``."""
        before = len(self.crowd.members)
        names = [self.names.name("m") for _ in range(count - before)]
        join(self.crowd, self.system.dialect, self.address, names, self.join_s)
        return self.crowd.members[before:]

    def senders(self, members: list[Member]) -> Senders:
        """Make these the senders, once everybody has heard somebody."""
        dialect = self.system.dialect
        wrappings = [w for m in members if (w := wrapping(dialect, m.name))]
        first_words(self.crowd, dialect)
        senders = Senders(members, wrappings, hears_itself(self.crowd, dialect))
        first_words(self.crowd, dialect)
        senders.said = [FIRST_TEXT] * len(members)
        return senders


@contextmanager
def on_stage(system: System, join_s: float) -> Iterator[Stage]:
    """Start a target; end it and everything of it on every path."""
    reactor = Reactor()
    running = start(system.description, reactor, History(), START_SCALE)
    crowd = Crowd(running.address, reactor, pings(system.dialect), running.network)
    try:
        names = Vocabulary(random.Random(1))
        yield Stage(system, crowd, running.process.tree(), running.address, names, join_s)
    finally:
        crowd.close()
        running.end(Deadline.after(END_S))
        reactor.close()
