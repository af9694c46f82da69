"""One time budget, carried through many steps.

Times are seconds on CLOCK_MONOTONIC. Whoever waits stretches its budget (``--time-scale``)
before it comes here; the limits of ``spec/limits.toml`` are never stretched.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

LATE_SHARE = 0.1
"""The harness was late when one of its own delays took more of a deadline than this."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock, and the budget that led to it."""

    at: float
    budget_s: float

    @classmethod
    def after(cls, budget_s: float) -> Deadline:
        """Return the deadline that lies ``budget_s`` seconds from now."""
        return cls(time.monotonic() + budget_s, budget_s)

    @property
    def began(self) -> float:
        """The moment from which the budget was counted."""
        return self.at - self.budget_s

    def remaining_s(self) -> float:
        """Return the seconds left; never negative."""
        return max(0.0, self.at - time.monotonic())

    def is_spoilt_by(self, late_s: float) -> bool:
        """Whether a delay of our own was so long that nothing follows from the deadline."""
        return late_s > self.budget_s * LATE_SHARE

    @property
    def passed(self) -> bool:
        """Whether the moment lies behind us."""
        return time.monotonic() >= self.at
