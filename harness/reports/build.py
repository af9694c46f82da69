"""From the results of the scenarios to the model of the report: the rules of the verdicts.

An observation takes the worst of what its scenarios say, a requirement the worst of its
observations in scope. Nothing is *verified* without an obligation, nor without a proof: a
one-bug system that the check is known to catch. Before anything ran everything is *not run*.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from harness.reports.findings import gathered
from harness.reports.model import (
    SCHEMA,
    ObservationReport,
    Overall,
    Proof,
    Report,
    RequirementReport,
    ScenarioReport,
    TargetInfo,
)
from harness.reports.scenarios import scenarios_of
from harness.reports.text import harmless
from harness.results import Over
from harness.verdict import Scope, Verdict, worst
from spec.requirements import Observation, Requirement, Side

NO_SCENARIO = "no scenario covers it yet"
NOT_CHOSEN = "none of its scenarios was part of this run"
NO_PROOF = "no one-bug system is known that this check catches"
CONTRADICTING = (Verdict.FAILED, Verdict.NOT_IMPLEMENTED)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What is known of a run, at its end or at any moment before.

    ``collected`` has for each scenario the observations in scope that it covers, and is empty
    until they are known; ``mapped`` has the observations that any scenario covers at all.
    ``interrupted`` says why the run has not come to its end: ``model.STILL_RUNNING``, or what
    ended it early.
    """

    requirements: tuple[Requirement, ...]
    scope: Scope
    targets: list[TargetInfo]
    seed: int
    duration_s: float
    collected: Mapping[str, list[str]]
    begun: Set[str]
    over: Mapping[str, Over]
    proofs: Mapping[str, list[Proof]]
    mapped: Set[str]
    interrupted: str | None

    def in_scope(self) -> dict[str, Observation]:
        """Return the observations in scope, in the order of the requirements."""
        every = (o for requirement in self.requirements for o in requirement.observations)
        return {o.id: o for o in every if self.scope.holds(o.id, o.side)}


def build(inputs: Inputs) -> Report:
    """Return the report on what is known so far. All foreign text in it is harmless."""
    in_scope = inputs.in_scope()
    scenarios = scenarios_of(
        inputs.collected, inputs.begun, inputs.over, in_scope, inputs.interrupted
    )
    judge = _Judge(inputs, scenarios, _covering(scenarios))
    requirements = {r.id: judge.requirement(r, in_scope) for r in inputs.requirements}
    verdicts = [requirements[o.requirement].observations[o.id].verdict for o in in_scope.values()]
    return Report(
        schema=SCHEMA,
        targets=[TargetInfo(harmless(t.name), harmless(t.role)) for t in inputs.targets],
        scope=[side for side in Side if side in inputs.scope.sides],
        only=sorted(inputs.scope.only),
        verdict=_overall(verdicts, inputs.interrupted),
        seed=inputs.seed,
        duration_s=round(inputs.duration_s, 3),
        interrupted=inputs.interrupted and harmless(inputs.interrupted),
        requirements=requirements,
        scenarios=scenarios,
        findings=gathered(inputs.collected, inputs.over),
        proofs={o: judge.proofs(o) for o in in_scope if judge.proofs(o)},
        mapping=_mapping(inputs, in_scope, judge.covering),
    )


def _overall(verdicts: list[Verdict], interrupted: str | None) -> Overall:
    """Judge the run. A scope without observations, or a run cut short, is never verified."""
    if any(verdict in CONTRADICTING for verdict in verdicts):
        return "failed"
    whole = verdicts and interrupted is None
    return "verified" if whole and set(verdicts) == {Verdict.VERIFIED} else "incomplete"


def _covering(scenarios: Mapping[str, ScenarioReport]) -> dict[str, list[str]]:
    """Return for each observation the scenarios that cover it."""
    covering: dict[str, list[str]] = {}
    for key, scenario in scenarios.items():
        for observation in scenario.observations:
            covering.setdefault(observation, []).append(key)
    return covering


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


@dataclass(frozen=True)
class _Judge:
    """Merges what the scenarios said."""

    inputs: Inputs
    scenarios: Mapping[str, ScenarioReport]
    covering: Mapping[str, list[str]]

    def requirement(
        self, requirement: Requirement, in_scope: Mapping[str, Observation]
    ) -> RequirementReport:
        """Give a requirement, and each side of it, the worst of its observations in scope."""
        observations = {
            o.id: self.observation(o) if o.id in in_scope else self.out_of_scope(o)
            for o in requirement.observations
        }
        verdict = worst(o.verdict for o in observations.values())
        return RequirementReport(
            verdict=verdict,
            obligations=sum(o.obligations for o in observations.values()),
            sides={
                side: worst(
                    observations[o.id].verdict for o in requirement.observations if o.side is side
                )
                for side in Side
            },
            reason=next(
                f"{name}: {o.reason}" if o.reason else None
                for name, o in observations.items()
                if o.verdict is verdict
            ),
            observations=observations,
        )

    def observation(self, observation: Observation) -> ObservationReport:
        """Merge what its scenarios say of an observation in scope."""
        keys = self.covering.get(observation.id, [])
        said = [self.scenarios[key].said[observation.id] for key in keys]
        verdict = worst(s.verdict for s in said)
        reason = next((s.reason for s in said if s.verdict is verdict), None)
        if not said:
            verdict, reason = Verdict.NOT_RUN, self._why_nothing_ran(observation)
        if verdict is Verdict.VERIFIED and not self.proofs(observation.id):
            verdict, reason = Verdict.INCONCLUSIVE, NO_PROOF
        return ObservationReport(
            verdict=verdict,
            obligations=sum(s.obligations for s in said),
            scenarios=keys,
            proven_by=[proof.bug for proof in self.proofs(observation.id)],
            reason=reason,
        )

    def out_of_scope(self, observation: Observation) -> ObservationReport:
        """Say nothing of an observation but that this run is not about it."""
        return ObservationReport(
            verdict=Verdict.OUT_OF_SCOPE,
            obligations=0,
            scenarios=[],
            proven_by=[proof.bug for proof in self.proofs(observation.id)],
            reason=None,
        )

    def proofs(self, observation: str) -> list[Proof]:
        """Return the one-bug systems that the observation's scenarios are known to catch."""
        return [
            Proof(harmless(p.bug), harmless(p.what), harmless(p.reason))
            for p in self.inputs.proofs.get(observation, [])
        ]

    def _why_nothing_ran(self, observation: Observation) -> str:
        if observation.id not in self.inputs.mapped:
            return NO_SCENARIO
        if self.inputs.interrupted is not None:
            return f"not run: {harmless(self.inputs.interrupted)}"
        return NOT_CHOSEN
