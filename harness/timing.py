"""A 99th percentile, judged: against its limit, and against how often we were late ourselves."""

from __future__ import annotations

from harness.checkers.latency import Latencies
from harness.results import Figures
from harness.verdict import Contradicted, Unproven

ENOUGH = 0.5
"""The share of the measurements planned in which the harness must have been on time."""


def judge(latencies: Latencies, figures: Figures) -> None:
    """Check the 99th percentile against the limit, and show it among the figures.

    Raises:
        Contradicted: it is over the limit.
        Unproven: the harness itself was late most of the time.
    """
    if latencies.count == 0 or (latencies.share < ENOUGH and not latencies.is_over):
        raise Unproven("the harness itself was late in most of the measurements")
    figures["latency_ms"] = latencies.figures()
    if (took_s := latencies.percentile_s(99)) > latencies.limit_s:
        limit = f"the limit is {latencies.limit_s:g} s"
        raise Contradicted(
            f"of the messages measured one in a hundred took {took_s:.2f} s; {limit}"
        )
