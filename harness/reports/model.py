"""The model that every report is drawn from, in exactly the shape of ``report.json``.

A renderer adds no number of its own: what it shows stands here or follows from here by one of
the functions below. Fields are only ever added; what is here keeps its name and its meaning.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

import msgspec

from harness.results import Said
from harness.verdict import Verdict

SCHEMA: Literal[1] = 1
STILL_RUNNING = "still running"
"""The reason why a report is not complete as long as its run goes on."""
CONTRADICTING = (Verdict.FAILED, Verdict.NOT_IMPLEMENTED)
"""What the system did wrong; every other bad verdict says what was not measured."""

Overall = Literal["verified", "failed", "incomplete"]


class TargetInfo(msgspec.Struct, frozen=True):
    """One system under verification, and the side it stands on."""

    name: str
    role: str


class Proof(msgspec.Struct, frozen=True):
    """A one-bug system that a check was seen to catch: what it does wrong, and what was seen."""

    bug: str
    what: str
    reason: str


class Finding(msgspec.Struct, frozen=True):
    """Something that a person should know, whatever the verdicts say.

    ``more`` counts further ones of the same kind and observation that are not listed.
    """

    kind: str
    observation: str
    detail: str
    more: int = 0


class ObservationReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of one observation. Every verdict that is not good has its reason."""

    verdict: Verdict
    obligations: int
    scenarios: list[str]
    proven_by: list[str]
    reason: str | None


class RequirementReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of one requirement: the worst of its observations in scope."""

    verdict: Verdict
    obligations: int
    sides: dict[str, Verdict]
    reason: str | None
    observations: dict[str, ObservationReport]


class ScenarioReport(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario; ``said`` has what it says of each observation. Without history: not over.

    ``screens`` are files that show a window in which something failed, a picture and a text.
    """

    observations: list[str]
    sentence: str
    profile: str
    verdict: Verdict
    obligations: int
    duration_s: float
    figures: dict[str, float | dict[str, float]]
    catalogue: list[int]
    evidence: list[str]
    history: str | None
    reason: str | None
    said: dict[str, Said]
    screens: list[str] = []


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One run.

    ``interrupted`` says why the run has not come to its end, ``lacking`` of each side that could
    not be tried at all why, ``mapping`` what is wrong between scenarios and observations, one
    sentence each; ``proofs`` is about observations in scope;
    ``unprotected`` says why the target ran without a sandbox, with all rights of the user.
    """

    schema: Literal[1]
    targets: list[TargetInfo]
    scope: list[str]
    only: list[str]
    verdict: Overall
    seed: int
    duration_s: float
    interrupted: str | None
    requirements: dict[str, RequirementReport]
    scenarios: dict[str, ScenarioReport]
    findings: list[Finding]
    proofs: dict[str, list[Proof]]
    mapping: list[str]
    unprotected: str | None = None
    lacking: dict[str, str] = {}


def observations_in_scope(report: Report) -> dict[str, ObservationReport]:
    """Return the observations in scope, in the order of the requirements."""
    return {
        name: observation
        for requirement in report.requirements.values()
        for name, observation in requirement.observations.items()
        if observation.verdict is not Verdict.OUT_OF_SCOPE
    }


def counts(report: Report) -> Counter[Verdict]:
    """Return how many observations in scope have each verdict."""
    return Counter(o.verdict for o in observations_in_scope(report).values())


def obligations(report: Report) -> int:
    """Return the number of checks carried out for observations in scope."""
    return sum(requirement.obligations for requirement in report.requirements.values())


def progress(report: Report, requirement: str) -> tuple[int, int]:
    """Return how many of a requirement's scenarios are over, and how many there are."""
    of_it = report.requirements[requirement].observations.values()
    keys = {key for observation in of_it for key in observation.scenarios}
    return sum(report.scenarios[key].history is not None for key in keys), len(keys)


def telling(report: Report, observation: str) -> str | None:
    """Return the first scenario whose verdict the observation has, if one says so."""
    said = observations_in_scope(report)[observation]
    for key in said.scenarios:
        if report.scenarios[key].said[observation].verdict is said.verdict:
            return key
    return None


def exit_code(report: Report) -> int:
    """Return what ``chat-verify run`` ends with.

    4 when the mapping is broken, 1 when something failed or is not implemented, 3 when nothing
    failed but not everything was measured, 0 when everything in scope is verified.
    """
    if report.mapping:
        return 4
    return {"failed": 1, "incomplete": 3, "verified": 0}[report.verdict]
