"""One time budget, carried through many steps.

Times are seconds on CLOCK_MONOTONIC. ``Patience`` is the only place where waiting is
stretched (``--time-scale``); the limits of ``spec/limits.toml`` are never stretched.
"""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock, and the budget that led to it."""

    at: float
    budget_s: float

    @classmethod
    def after(cls, budget_s: float) -> Deadline:
        """Return the deadline that lies ``budget_s`` seconds from now."""
        return cls(time.monotonic() + budget_s, budget_s)

    def remaining_s(self) -> float:
        """Return the seconds left; never negative."""
        return max(0.0, self.at - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether the moment lies behind us."""
        return time.monotonic() >= self.at


@dataclass(frozen=True, slots=True)
class Patience:
    """How long this run waits: every budget times ``scale``."""

    scale: float = 1.0

    def within(self, budget_s: float) -> Deadline:
        """Return a deadline ``budget_s`` seconds from now, stretched by the scale."""
        return Deadline.after(budget_s * self.scale)
