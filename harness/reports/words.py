"""The words, signs and sentences that all renderers share."""

from __future__ import annotations

from dataclasses import dataclass

from harness.reports.model import STILL_RUNNING, Report, counts
from harness.verdict import SEVERITY, Verdict


@dataclass(frozen=True, slots=True)
class Word:
    """How a verdict is shown: a sign for who sees no colour, and what the word means."""

    sign: str
    meaning: str


WORDS = {
    Verdict.VERIFIED: Word(
        "✓", "checked at least once, never contradicted, by a check known to catch a real bug"
    ),
    Verdict.FAILED: Word("✗", "the system did something else than the requirement asks for"),
    Verdict.NOT_IMPLEMENTED: Word("○", "the system lacks the operation that is needed"),
    Verdict.INCONCLUSIVE: Word(
        "~", "nothing can be said: not checked, no evidence, or no proof that the check can fail"
    ),
    Verdict.NOT_RUN: Word("·", "no scenario has come to its end for it"),
    Verdict.OUT_OF_SCOPE: Word("\N{EN DASH}", "this run is not about it"),
}

WITHOUT_SANDBOX = "Without a sandbox, with all rights of the user"
PROOF_MEANING = (
    "a system with exactly one bug, and the check was seen to fail on it: without such a proof "
    "nothing is called verified"
)
NOT_ENOUGH = "nothing failed, but not everything was measured"
EXIT_MEANINGS = {
    0: "everything in scope is verified",
    1: "something failed or is not implemented",
    3: NOT_ENOUGH,
    4: "the mapping between observations and scenarios is broken",
}


def sides(report: Report) -> str:
    """Return the sides in scope in words, such as ``server and client sides``."""
    if not report.scope:
        return "no side"
    return " and ".join(report.scope) + (" side" if len(report.scope) == 1 else " sides")


def count(number: int, thing: str) -> str:
    """Return a number of things in words: ``1 scenario``, ``2 scenarios``."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def sentence(report: Report) -> str:
    """Return the verdict of the run in words, naming the sides it is about."""
    numbers = counts(report)
    total = numbers.total()
    if total == 0:
        return "Nothing is in scope, so nothing is verified."
    in_scope = [r for r in report.requirements.values() if r.verdict is not Verdict.OUT_OF_SCOPE]
    subject = f"{sides(report).capitalize()} of {count(len(in_scope), 'requirement')}"
    return f"{subject}: {_finding_of(report, total)}."


def _finding_of(report: Report, total: int) -> str:
    observations = count(total, "observation")
    numbers = counts(report)
    if numbers[Verdict.VERIFIED] == total:
        every = f"all {observations} verified" if total > 1 else f"{observations} verified"
        return every if report.interrupted is None else f"{every}, but {unfinished(report)}"
    each = ", ".join(f"{numbers[v]} {v}" for v in SEVERITY if numbers[v])
    if report.verdict == "failed":
        return f"of {observations} {each}"
    so_far = "nothing has failed so far" if report.interrupted == STILL_RUNNING else NOT_ENOUGH
    return f"{so_far}: of {observations} {each}"


def unfinished(report: Report) -> str:
    """Return why and how far not everything ran; empty when everything in scope did."""
    reasons = []
    if report.interrupted == STILL_RUNNING:
        reasons.append("the run is still going on")
    elif report.interrupted is not None:
        reasons.append(f"the run ended early: {report.interrupted}")
    reasons += [
        f"nothing of the {side} side could be tried: {why}"
        for side, why in report.lacking.items()
        if why != report.interrupted
    ]
    numbers = counts(report)
    if missing := numbers[Verdict.NOT_RUN]:
        were = "was" if missing == 1 else "were"
        reasons.append(f"{missing} of {count(numbers.total(), 'observation')} {were} not run")
    return "; ".join(reasons)
