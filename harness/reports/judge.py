"""The rules of the verdicts of observations and requirements.

An observation takes the worst of what its scenarios say, a requirement the worst of its
observations in scope. Nothing is *verified* without an obligation, nor without a proof: a
one-bug system that the check is known to catch. Before anything ran everything is *not run*.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property

from harness.reports.inputs import Inputs
from harness.reports.model import ObservationReport, Proof, RequirementReport, ScenarioReport
from harness.reports.scenarios import not_run
from harness.reports.text import harmless
from harness.verdict import Verdict, worst
from spec.requirements import Observation, Requirement, Side

NO_SCENARIO = "no scenario covers it yet"
NOT_CHOSEN = "none of its scenarios was part of this run"
NO_PROOF = "no one-bug system is known that this check catches"


@dataclass(frozen=True)
class Judge:
    """Merges what the scenarios of one run said."""

    inputs: Inputs
    scenarios: Mapping[str, ScenarioReport]

    @cached_property
    def covering(self) -> Mapping[str, list[str]]:
        """Return for each observation in scope the scenarios that cover it."""
        covering: dict[str, list[str]] = {}
        for key, scenario in self.scenarios.items():
            for observation in scenario.observations:
                covering.setdefault(observation, []).append(key)
        return covering

    def requirement(self, requirement: Requirement, in_scope: Container[str]) -> RequirementReport:
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
                (f"{n}: {o.reason}" for n, o in observations.items() if _is(o, verdict)), None
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
        why = self.inputs.lacking.get(observation.side) or self.inputs.interrupted
        if why is not None:
            return not_run(why)
        return NOT_CHOSEN


def _is(observation: ObservationReport, verdict: Verdict) -> bool:
    return observation.verdict is verdict and observation.reason is not None
