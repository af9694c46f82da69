"""What is known of a run: all that the model of its report is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from harness.reports.model import Proof, TargetInfo
from harness.results import FindingRecord, Over
from harness.verdict import Scope
from spec.requirements import Observation, Requirement


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What is known of a run, at its end or at any moment before.

    ``collected`` has for each scenario the observations in scope that it covers, and is empty
    until they are known; ``mapped`` has the observations that any scenario covers at all.
    ``interrupted`` says why the run has not come to its end: ``model.STILL_RUNNING``, or what
    ended it early; ``lacking`` of each side that could not be tried at all why. ``unprotected``
    says why the target ran without a sandbox. ``remarks`` are findings about the target that are
    known without any scenario.
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
    lacking: Mapping[str, str] = field(default_factory=dict)
    unprotected: str | None = None
    remarks: Sequence[FindingRecord] = ()

    def in_scope(self) -> dict[str, Observation]:
        """Return the observations in scope, in the order of the requirements."""
        every = (o for requirement in self.requirements for o in requirement.observations)
        return {o.id: o for o in every if self.scope.holds(o.id, o.side)}
