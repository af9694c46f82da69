"""A scenario that a busy machine has spoilt is performed once more, alone: what both say together.

Nothing is wiped out by that: what the first has settled stays, unless the second says worse. It is
not performed a third time: what is spoilt twice is *inconclusive*.
"""

from __future__ import annotations

import msgspec

from harness.results import Over, Said
from harness.verdict import SEVERITY, Verdict


def repeated(first: Over, second: Over) -> Over:
    """Return what two performances of one scenario say, and why there were two.

    The history is that of the performance which decides; times, figures and what was seen are those
    of the second.
    """
    said = {o: _said(o, first, second) for o in second.observations}
    is_blamed = any(
        each.verdict is not Verdict.VERIFIED and each is first.observations[observation]
        for observation, each in said.items()
    )
    return msgspec.structs.replace(
        second,
        observations=said,
        evidence=[*first.evidence, _why(first, second), *second.evidence],
        history=first.history if is_blamed else second.history,
        findings=[*first.findings, *(f for f in second.findings if f not in first.findings)],
        screens=[*first.screens, *second.screens],
        spoilt=[],
    )


def _said(observation: str, first: Over, second: Over) -> Said:
    """Return the second's word on what was spoilt, and of the rest the worse of both.

    A second performance that was spoilt, too, has not come to its end: it can only accuse.
    """
    before, now = first.observations[observation], second.observations[observation]
    if observation in first.spoilt and (not second.spoilt or observation in second.spoilt):
        return now
    if observation in second.spoilt:
        return before
    return min(before, now, key=lambda said: SEVERITY.index(said.verdict))


def _why(first: Over, second: Over) -> str:
    reasons = dict.fromkeys(str(first.observations[o].reason) for o in first.spoilt)
    return (
        f"performed again, alone, for a busy machine may have spoilt {', '.join(first.spoilt)}: "
        f"{'; '.join(reasons)} (first {first.history}, then {second.history})"
    )
