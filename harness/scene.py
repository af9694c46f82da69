"""What every stage of a scenario has: a target, a reactor, a history, and patience.

A room, in which clients talk to a server, and a desk, at which a user has a client, are scenes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial

from harness.clients.reactor import Reactor
from harness.deadline import Deadline
from harness.expect import Vocabulary
from harness.history import History
from harness.promises import Promises
from harness.results import FindingRecord
from harness.system import System
from harness.verdict import Contradicted, Ledger, Spoilt, Stopped, Unproven
from spec.limits import Judging, Limits

Look = Callable[[Deadline], object]
"""Waits for something until a deadline; whether it came is what its result is worth as a bool."""
LOOKS = 3
"""How often we look again for what did not come while we were late."""


@dataclass(slots=True, repr=False, kw_only=True)
class Scene:
    """One target in one scenario; ``scale`` stretches waiting, never a limit.

    ``began`` is the moment from which a delay of ours may matter; a server is ready then.
    """

    system: System
    reactor: Reactor
    history: History
    ledger: Ledger
    bounds: Limits
    vocabulary: Vocabulary
    scale: float = 1.0
    findings: list[FindingRecord] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    @property
    def was_late(self) -> bool:
        """Whether we were ever late enough to spoil what the target has its usual time for."""
        return self.deadline().is_spoilt_by(self.reactor.worst_lag_s(self.began))

    @property
    def limits(self) -> Judging:
        """The limits that judge every target."""
        return self.bounds.judging

    @property
    def promises(self) -> Promises:
        """What the target's file promises of names and texts."""
        told = self.system.description
        return Promises(
            told.names, told.limits, self.system.dialect.from_client.framed, self.bounds
        )

    def about(self, *observations: str) -> AbstractContextManager[None]:
        """Say which observations the checks inside are for; see ``Ledger``."""
        return self.ledger.about(*observations)

    def finding(self, kind: str, detail: str) -> None:
        """Note something that a person should know, whatever the verdicts say."""
        self.findings.append(FindingRecord(kind, self.ledger.covered[0], detail))

    def deadline(self, budget_s: float | None = None) -> Deadline:
        """Return a deadline; without a budget, that of a positive observation."""
        budget = self.limits.observation_s if budget_s is None else budget_s
        return Deadline.after(budget * self.scale)

    def pump(self, until: Callable[[], bool], budget_s: float) -> bool:
        """Read everything that comes until a condition holds; return whether it does."""
        return self.reactor.pump(until, self.deadline(budget_s))

    def awaits(self, until: Callable[[], bool], within_s: float | None = None) -> Deadline:
        """Read everything that comes until a condition holds, or for as long as is waited for it.

        Returns the deadline that counted.
        """
        deadline = self.deadline(within_s)
        self.reactor.pump(until, deadline)
        return deadline

    def awaits_in_time(self, what: str, until: Callable[[], bool], budget_s: float) -> bool:
        """Read everything that comes until a condition holds; return whether it does.

        Raises:
            Unproven: it does not, and the harness itself was late.
        """
        deadline, look = self.awaits(until, budget_s), partial(self.reactor.pump, until)
        if until():
            return True
        if isinstance(verdict := self.overdue(f"{what} did not come", deadline, look), Unproven):
            raise verdict
        return False

    def overdue(self, sentence: str, deadline: Deadline, again: Look | None = None) -> Stopped:
        """Return the verdict on a deadline that passed: none, if we were late ourselves.

        Then we look ``again``: what does not come in as long a time, in which we are not late, has
        not come. What does come now proves nothing: the server, too, may have been held up.
        """
        late_s = self.reactor.worst_lag_s(deadline.began)
        is_spoilt = deadline.is_spoilt_by(late_s)
        if is_spoilt and (again is None or not self._stays_away(again, deadline.budget_s)):
            return Spoilt(f"{sentence}; but the harness itself was {late_s:.1f} s late")
        return Contradicted(sentence)

    def _stays_away(self, look: Look, budget_s: float) -> bool:
        """Whether something does not come before a deadline that we do not spoil.

        A look that ends before its deadline has seen that nothing can come any more, such as a
        client that has ended: it may have come while we were late.
        """
        for _ in range(LOOKS):
            deadline = Deadline.after(budget_s)
            if look(deadline) or not deadline.passed:
                return False
            if not deadline.is_spoilt_by(self.reactor.worst_lag_s(deadline.began)):
                return True
        return False
