"""How long something took, many times: percentiles, and whether a limit can still be kept."""

from __future__ import annotations

from collections.abc import MutableMapping

from hdrh.histogram import HdrHistogram

from harness.verdict import Contradicted, Spoilt

SHARE = 0.99
ENOUGH = 0.5
"""The share of the measurements planned in which the harness must have been on time."""
_LOWEST_US, _HIGHEST_US, _DIGITS = 1, 60_000_000, 3


class Latencies:
    """Times of one kind, to the microsecond and three digits; up to a minute.

    ``planned`` is how many there will be: some are over the limit for good before all are known.
    """

    def __init__(self, limit_s: float, planned: int) -> None:
        """Begin with none."""
        self.limit_s = limit_s
        self.count = 0
        self._planned = planned
        self._over = 0
        self._histogram = HdrHistogram(_LOWEST_US, _HIGHEST_US, _DIGITS)

    def add(self, seconds: float) -> None:
        """Take one more."""
        self._histogram.record_value(max(_LOWEST_US, min(_HIGHEST_US, round(seconds * 1e6))))
        self.count += 1
        self._over += seconds > self.limit_s

    @property
    def is_over(self) -> bool:
        """Whether more than one in a hundred of all that are planned took too long already."""
        return self._over > self._planned * (1 - SHARE)

    @property
    def share(self) -> float:
        """Which share of all that are planned is known."""
        return self.count / self._planned

    def percentile_s(self, percent: float) -> float:
        """Return the time that so many percent did not exceed, in seconds."""
        return float(self._histogram.get_value_at_percentile(percent)) / 1e6

    def figures(self) -> dict[str, float]:
        """Return what a report shows, in milliseconds."""
        return {f"p{p}": round(self.percentile_s(p) * 1e3, 3) for p in (50, 99)}

    def judge(self, figures: MutableMapping[str, float | dict[str, float]]) -> None:
        """Check the 99th percentile against the limit, and show it among the figures.

        Raises:
            Contradicted: it is over the limit.
            Spoilt: the harness itself was late most of the time.
        """
        if self.count == 0 or (self.share < ENOUGH and not self.is_over):
            raise Spoilt("the harness itself was late in most of the measurements")
        figures["latency_ms"] = self.figures()
        if (took_s := self.percentile_s(99)) > self.limit_s:
            limit = f"the limit is {self.limit_s:g} s"
            raise Contradicted(
                f"of the messages measured one in a hundred took {took_s:.2f} s; {limit}"
            )
