"""From what is known of a run to the model of its report."""

from __future__ import annotations

from collections.abc import Mapping

from harness.reports.findings import gathered
from harness.reports.inputs import Inputs
from harness.reports.judge import NO_SCENARIO, Judge
from harness.reports.model import CONTRADICTING, SCHEMA, Overall, Report, TargetInfo
from harness.reports.scenarios import scenarios_of
from harness.reports.text import harmless
from harness.verdict import Verdict
from spec.requirements import Observation, Side

__all__ = ["Inputs", "build"]


def build(inputs: Inputs) -> Report:
    """Return the report on what is known so far. All foreign text in it is harmless."""
    in_scope = inputs.in_scope()
    scenarios = scenarios_of(
        inputs.collected, inputs.begun, inputs.over, in_scope, inputs.interrupted
    )
    judge = Judge(inputs, scenarios)
    requirements = {r.id: judge.requirement(r, in_scope) for r in inputs.requirements}
    verdicts = [requirements[o.requirement].observations[o.id].verdict for o in in_scope.values()]
    return Report(
        schema=SCHEMA,
        targets=[TargetInfo(harmless(t.name), harmless(t.role)) for t in inputs.targets],
        scope=[side for side in Side if side in inputs.scope.sides],
        only=sorted(map(harmless, inputs.scope.only)),
        verdict=_overall(verdicts, inputs.interrupted),
        seed=inputs.seed,
        duration_s=round(inputs.duration_s, 3),
        interrupted=inputs.interrupted and harmless(inputs.interrupted),
        lacking={harmless(side): harmless(why) for side, why in inputs.lacking.items()},
        requirements=requirements,
        scenarios=scenarios,
        findings=gathered(inputs.remarks, inputs.collected, inputs.over),
        proofs={o: judge.proofs(o) for o in in_scope if judge.proofs(o)},
        mapping=_mapping(inputs, in_scope, judge.covering),
        unprotected=inputs.unprotected and harmless(inputs.unprotected),
    )


def _overall(verdicts: list[Verdict], interrupted: str | None) -> Overall:
    """Judge the run. A scope without observations, or a run cut short, is never verified."""
    if any(verdict in CONTRADICTING for verdict in verdicts):
        return "failed"
    whole = verdicts and interrupted is None
    return "verified" if whole and set(verdicts) == {Verdict.VERIFIED} else "incomplete"


def _mapping(
    inputs: Inputs, in_scope: Mapping[str, Observation], covering: Mapping[str, list[str]]
) -> list[str]:
    """Return what is wrong with the mapping: an observation uncovered, an id that nothing has."""
    known = {o.id for requirement in inputs.requirements for o in requirement.observations}
    uncovered = [o for o in in_scope if o not in inputs.mapped and o not in covering]
    named = set(inputs.mapped).union(*inputs.collected.values())
    return [f"{o}: {NO_SCENARIO}" for o in uncovered] + [
        f"{harmless(o)}: a scenario covers it, but no requirement has it"
        for o in sorted(named - known)
    ]
