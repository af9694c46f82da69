"""The mapping: which scenario checks which observation, and which known bugs prove it.

A proof is a one-bug system that a scenario was seen to catch. ``scenarios/proofs.json`` is
written only by the test suite that runs ``tests/mutants``; each proof has a digest of the
scenario and of the system, so that a change of either makes it stale.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from harness.scenarios import THEMES
from spec.requirements import Requirement

SCENARIOS = Path(__file__).parent / "scenarios"
PROOFS = SCENARIOS / "proofs.json"
MUTANTS = Path(__file__).parent.parent / "tests" / "mutants"
"""The one-bug systems; only in a checkout of the project."""


class Proof(msgspec.Struct, frozen=True):
    """One known bug that a scenario was seen to catch."""

    bug: str
    what: str
    scenario: str
    reason: str
    scenario_digest: str
    bug_digest: str


Proofs = dict[str, list[Proof]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario function: ``theme/sentence``, what it covers, and how it may run.

    ``roles`` are the systems it needs; ``alone``: with nothing beside it; ``direct``: under no
    profile that carries connections.
    """

    key: str
    sentence: str
    covers: tuple[str, ...]
    roles: tuple[str, ...]
    alone: bool
    direct: bool
    digest: str

    @property
    def carried(self) -> str:
        """Whose connections a profile carries in it, if it does."""
        return self.roles[0]


def modules() -> list[Path]:
    """Return the files of all scenarios."""
    return [SCENARIOS / f"{theme}.py" for theme in THEMES]


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Return all scenarios, in the order of their themes."""
    return tuple(_scenario(theme, function) for theme in THEMES for function in _functions(theme))


def _functions(theme: str) -> Iterator[Callable[..., None]]:
    module = importlib.import_module(f"harness.scenarios.{theme}")
    for name, function in vars(module).items():
        if name.startswith("test_"):
            yield function


def _scenario(theme: str, function: Callable[..., None]) -> Scenario:
    sentence = function.__name__.removeprefix("test_").replace("_", "-")
    doc = (inspect.getdoc(function) or "").partition("\n")[0]
    covers = getattr(function, "covers", ())
    return Scenario(
        key=f"{theme}/{sentence}",
        sentence=doc,
        covers=covers,
        alone=getattr(function, "alone", False),
        roles=roles_of(function),
        direct=getattr(function, "direct", False),
        digest=digest(inspect.getsource(function)),
    )


STAGES = {"room": ("server",), "desk": ("client",), "house": ("client", "server")}
"""The fixture that a scenario plays on, and the systems that it needs."""


def roles_of(function: Callable[..., None]) -> tuple[str, ...]:
    """Return the systems that a scenario needs, by the stage that it plays on."""
    return STAGES[stage_of(function)]


def stage_of(function: Callable[..., None]) -> str:
    """Return the fixture that a scenario plays on."""
    return next(name for name in inspect.signature(function).parameters if name in STAGES)


def digest(text: str) -> str:
    """Return a short digest of a source text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_proofs(path: Path = PROOFS) -> Proofs:
    """Return the recorded proofs by observation; none when there is no file."""
    if not path.is_file():
        return {}
    return msgspec.json.decode(path.read_bytes(), type=Proofs)


def write_proofs(proofs: Proofs, path: Path = PROOFS) -> None:
    """Write the proofs, in an order that does not depend on how they were found."""
    ordered = {o: sorted(proofs[o], key=lambda p: (p.bug, p.scenario)) for o in sorted(proofs)}
    path.write_bytes(msgspec.json.format(msgspec.json.encode(ordered), indent=2) + b"\n")


def problems(requirements: tuple[Requirement, ...], proofs: Proofs) -> list[str]:
    """Return a sentence for each scenario with an unknown observation and each stale proof."""
    known = {o.id for r in requirements for o in r.observations}
    found = scenarios()
    digests = {scenario.key: scenario.digest for scenario in found}
    sentences = [
        f"{scenario.key} covers {observation}, which is no observation of the specification"
        for scenario in found
        for observation in scenario.covers
        if observation not in known
    ]
    for observation, proved in proofs.items():
        for proof in proved:
            if why := _staleness(proof, digests):
                sentences.append(f"the proof of {observation} by {proof.bug} is stale: {why}")
    return sentences


def _staleness(proof: Proof, digests: dict[str, str]) -> str | None:
    if digests.get(proof.scenario) != proof.scenario_digest:
        return f"{proof.scenario} has changed"
    if MUTANTS.is_dir():
        source = MUTANTS / f"{proof.bug}.py"
        if not source.is_file() or digest(source.read_text("utf-8")) != proof.bug_digest:
            return f"{source.name} has changed"
    return None
