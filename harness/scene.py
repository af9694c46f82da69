"""What every stage of a scenario has: a target, a reactor, a history, and patience.

A room, in which clients talk to a server, and a desk, at which a user has a client, are scenes.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from harness.clients.reactor import Reactor
from harness.deadline import Deadline
from harness.expect import Vocabulary
from harness.history import History
from harness.promises import Promises
from harness.results import FindingRecord
from harness.system import System
from harness.verdict import Contradicted, Ledger, Stopped, Unproven
from spec.limits import Judging, Limits


@dataclass(slots=True, repr=False, kw_only=True)
class Scene:
    """One target in one scenario; ``scale`` stretches waiting, never a limit."""

    system: System
    reactor: Reactor
    history: History
    ledger: Ledger
    bounds: Limits
    vocabulary: Vocabulary
    scale: float = 1.0
    findings: list[FindingRecord] = field(default_factory=list)

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

    def overdue(self, sentence: str, deadline: Deadline) -> Stopped:
        """Return the verdict on a deadline that passed: none, if we were late ourselves."""
        late_s = self.reactor.worst_lag_s(deadline.began)
        if deadline.is_spoilt_by(late_s):
            return Unproven(f"{sentence}; but the harness itself was {late_s:.1f} s late")
        return Contradicted(sentence)
