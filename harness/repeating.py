"""A scenario that a busy machine has spoilt is performed once more, alone: what both say together.

Nothing is wiped out by that: what was seen while nothing was spoilt stays, and of two such verdicts
the more severe. It is not performed a third time: what is spoilt twice is *inconclusive*.
"""

from __future__ import annotations

import msgspec

from harness.results import Over, Said
from harness.verdict import SEVERITY


def repeated(first: Over, second: Over) -> Over:
    """Return what two performances of one scenario say, and why there were two.

    The times, the figures and what was seen are those of the second.
    """
    return msgspec.structs.replace(
        second,
        observations={o: _said(o, first, second) for o in second.observations},
        evidence=[_why(first), *second.evidence],
        findings=[*first.findings, *(f for f in second.findings if f not in first.findings)],
        screens=[*first.screens, *second.screens],
        spoilt=[],
    )


def _said(observation: str, first: Over, second: Over) -> Said:
    both = (first, second)
    settled = [each.observations[observation] for each in both if observation not in each.spoilt]
    return min(
        settled,
        key=lambda said: SEVERITY.index(said.verdict),
        default=second.observations[observation],
    )


def _why(first: Over) -> str:
    reasons = dict.fromkeys(str(first.observations[o].reason) for o in first.spoilt)
    return (
        f"performed again, alone, for a busy machine had spoilt {', '.join(first.spoilt)}: "
        f"{'; '.join(reasons)} ({first.history})"
    )
