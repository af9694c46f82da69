"""What each scenario of a run says, also of those that never came to their end."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping, Set

from harness.reports.model import STILL_RUNNING, ScenarioReport
from harness.reports.text import harmless, shortened
from harness.results import Figures, Over, Said
from harness.verdict import Verdict, worst

NOTHING_CHECKED = "the scenario ended without having checked anything for it"
SILENT = "the scenario ended without a verdict on it"
CUT_OFF = "it was running when the run ended"
UNDER_WAY = "it is running"
UNEXPLAINED = "no reason was given"
LOST = "the run ended without it"
MOST_CHARACTERS = 200


def scenarios_of(
    collected: Mapping[str, list[str]],
    begun: Set[str],
    over: Mapping[str, Over],
    in_scope: Container[str],
    interrupted: str | None,
) -> dict[str, ScenarioReport]:
    """Return the scenarios with an observation in scope, in the order they were collected.

    What is over before the collection is known counts too, after the others.
    """
    reports = {}
    for key in ordered(collected, over):
        done = over.get(key)
        covered = _covered(collected.get(key, []), done, in_scope)
        if not covered:
            continue
        if done is None:
            why = _why_not_over(key in begun, interrupted)
            reports[harmless(key)] = _not_over(key, covered, why)
        else:
            reports[harmless(key)] = _over(done, covered)
    return reports


def ordered(collected: Mapping[str, list[str]], over: Mapping[str, Over]) -> list[str]:
    """Return the keys in an order that does not depend on which scenario ended first."""
    return [*collected, *sorted(set(over) - set(collected))]


def _covered(collected: list[str], over: Over | None, in_scope: Container[str]) -> list[str]:
    named: Iterable[str] = [*collected, *(over.observations if over else ())]
    return [o for o in dict.fromkeys(named) if o in in_scope]


def _why_not_over(begun: bool, interrupted: str | None) -> str:
    if begun:
        return UNDER_WAY if interrupted == STILL_RUNNING else CUT_OFF
    return not_run(interrupted or LOST)


def not_run(why: str) -> str:
    """Return the reason of all that a run left out: in short, for the report tells it in full."""
    return f"not run: {shortened(harmless(why), MOST_CHARACTERS)}"


def _not_over(key: str, covered: list[str], why: str) -> ScenarioReport:
    said = {observation: Said(Verdict.NOT_RUN, 0, why) for observation in covered}
    return ScenarioReport(
        observations=covered,
        sentence="",
        profile=harmless(key.rpartition("@")[2]),
        verdict=Verdict.NOT_RUN,
        obligations=0,
        duration_s=0.0,
        figures={},
        catalogue=[],
        evidence=[],
        history=None,
        screens=[],
        reason=why,
        said=said,
    )


def _over(over: Over, covered: list[str]) -> ScenarioReport:
    said = {o: _honest(over.observations.get(o)) for o in covered}
    verdict = worst(s.verdict for s in said.values())
    return ScenarioReport(
        observations=covered,
        sentence=harmless(over.sentence),
        profile=harmless(over.profile),
        verdict=verdict,
        obligations=sum(s.obligations for s in said.values()),
        duration_s=over.duration_s,
        figures=_finite(over.figures),
        catalogue=[],
        evidence=[harmless(line) for line in over.evidence],
        history=harmless(over.history),
        screens=[harmless(path) for path in over.screens],
        reason=next(s.reason for s in said.values() if s.verdict is verdict),
        said=said,
    )


def _finite(figures: Figures) -> Figures:
    """Leave out what is no number: JSON has no word for it, and it says nothing."""

    def is_finite(value: float | dict[str, float]) -> bool:
        parts = value.values() if isinstance(value, dict) else (value,)
        return all(map(math.isfinite, parts))

    return {harmless(name): value for name, value in figures.items() if is_finite(value)}


def _honest(said: Said | None) -> Said:
    """Return what may be believed of what a scenario that is over says of an observation."""
    if said is None or said.verdict is Verdict.OUT_OF_SCOPE:
        return Said(Verdict.INCONCLUSIVE, said.obligations if said else 0, SILENT)
    if said.verdict is not Verdict.VERIFIED:
        return Said(said.verdict, said.obligations, harmless(said.reason or UNEXPLAINED))
    if said.obligations < 1:
        return Said(Verdict.INCONCLUSIVE, 0, NOTHING_CHECKED)
    return Said(Verdict.VERIFIED, said.obligations, None)
