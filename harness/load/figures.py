"""What a bench measures, and what is made of it: medians, ratios, spreads.

The worker writes one ``Figure`` a line. Ratios are taken inside each run, between targets that were
measured one after the other, and only then their median: what else the machine was doing meanwhile
touches both sides of a ratio.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec
from hdrh.histogram import HdrHistogram

NEVER_US = 600_000_000
"""What a time that never came to its end is recorded as; nothing takes so long."""
FULL_SHARE = 0.9
"""A process that had this much of a core had no more to give."""


class Measure(StrEnum):
    """What is measured, in the order in which it is shown."""

    ONE = "deliveries, 1 in flight"
    TWENTY = "deliveries, 20 in flight"
    LATENCY = "p99 latency, 100 clients"
    CROWD = "p99 latency, 1,000 clients"
    MEMORY = "memory, 1,000 clients"
    ALONE = "p99 latency, 20 members"
    FLOODED = "the same beside a flooder"
    FLOOD = "texts of the flood at a member"
    PEAK = "most memory, flooder"

    @property
    def unit(self) -> str:
        """The unit of its values."""
        if self in (Measure.ONE, Measure.TWENTY, Measure.FLOOD):
            return "1/s"
        return "MB" if self in (Measure.MEMORY, Measure.PEAK) else "ms"


class Figure(msgspec.Struct, frozen=True):
    """One measured value, or the reason why there is none.

    ``expected`` and ``lost`` count deliveries; ``load_share`` and ``server_share`` are shares of
    one core over the time of the measure: of the process that holds the connections, and of the
    target.
    """

    run: int
    target: str
    measure: Measure
    value: float | None = None
    expected: int = 0
    lost: int = 0
    load_share: float = 0.0
    server_share: float = 0.0
    note: str = ""

    @property
    def is_limited_by_load(self) -> bool:
        """Whether the generator, and not the target, was what could not go faster."""
        return self.load_share >= FULL_SHARE > self.server_share


@dataclass(frozen=True, slots=True)
class Cell:
    """All that was measured of one target in one respect."""

    figures: tuple[Figure, ...]

    @property
    def values(self) -> list[float]:
        """The values, one for each run that had one."""
        return [figure.value for figure in self.figures if figure.value is not None]

    @property
    def median(self) -> float | None:
        """The median over the runs."""
        return statistics.median(self.values) if self.values else None

    @property
    def lost(self) -> int:
        """How many deliveries were lost, over all runs."""
        return sum(figure.lost for figure in self.figures)

    @property
    def notes(self) -> list[str]:
        """What has to be said with it, each thing once."""
        limited = sum(figure.is_limited_by_load for figure in self.figures)
        said = [figure.note for figure in self.figures if figure.note]
        if self.lost:
            expected = sum(figure.expected for figure in self.figures)
            said.append(f"{self.lost:,} of {expected:,} deliveries were lost")
        if limited:
            said.append(
                f"the load generator was the limit in {limited} of {len(self.figures)} runs"
            )
        return list(dict.fromkeys(said))


def cell(figures: Sequence[Figure], target: str, measure: Measure) -> Cell:
    """Return what was measured of a target in one respect."""
    return Cell(tuple(f for f in figures if f.target == target and f.measure is measure))


def ratios(cell: Cell, base: Cell) -> list[float]:
    """Return the ratio of a cell to another one in each run in which both have a finite value."""
    of_base = {f.run: f.value for f in base.figures if f.value}
    found = [f.value / of_base[f.run] for f in cell.figures if f.value and f.run in of_base]
    return [ratio for ratio in found if math.isfinite(ratio)]


def percentile(values_s: Sequence[float], share: float, expected: int) -> float:
    """Return a percentile of times over all that was expected; infinite if that never came."""
    histogram = HdrHistogram(1, NEVER_US, 3)
    for value_s in values_s:
        histogram.record_value(min(NEVER_US - 1, max(1, round(value_s * 1e6))))
    if lost := expected - len(values_s):
        histogram.record_value(NEVER_US, lost)
    found_us = histogram.get_value_at_percentile(share * 100)
    return float("inf") if found_us >= NEVER_US else found_us / 1e6
