"""Obligations, verdicts, how they merge, and what is in scope.

The rules are those of the specification: a check that was carried out discharges an
**obligation**; an observation with none is *inconclusive*, never *verified*; a fault without
evidence that it bit proves nothing; the harness's own failure is never the target's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar


class Verdict(StrEnum):
    """What may be said of an observation or a requirement."""

    VERIFIED = "verified"
    FAILED = "failed"
    NOT_IMPLEMENTED = "not implemented"
    INCONCLUSIVE = "inconclusive"
    NOT_RUN = "not run"
    OUT_OF_SCOPE = "out of scope"


SEVERITY = (
    Verdict.FAILED,
    Verdict.NOT_IMPLEMENTED,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_RUN,
    Verdict.VERIFIED,
    Verdict.OUT_OF_SCOPE,
)
"""From worst to best: a requirement takes the worst of its observations in scope."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the most severe verdict; of none, *out of scope*."""
    return min(verdicts, key=SEVERITY.index, default=Verdict.OUT_OF_SCOPE)


class Stopped(Exception):
    """Ends a scenario, or one ``about`` block of it, with a verdict and its reason."""

    verdict = Verdict.INCONCLUSIVE

    def __init__(self, reason: str) -> None:
        """Remember the sentence that the report shows."""
        super().__init__(reason)
        self.reason = reason


class Contradicted(Stopped):
    """The target did something else than the observation asks for."""

    verdict = Verdict.FAILED


class Lacking(Stopped):
    """The target does not have the operation that the observation needs."""

    verdict = Verdict.NOT_IMPLEMENTED


class Unproven(Stopped):
    """Nothing can be said: no fence, no evidence that a fault bit, or the harness was late."""

    verdict = Verdict.INCONCLUSIVE


class Spoilt(Unproven):
    """Nothing can be said because the machine was busy: we were late, or the target had to wait.

    It ends a scenario at once: there will be another performance of it; see ``repeating``.
    """


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one scenario says of one observation."""

    observation: str
    verdict: Verdict
    obligations: int
    reason: str | None


@dataclass(slots=True)
class Ledger:
    """Keeps, for one scenario, the obligations discharged and what contradicted them.

    An ``about`` block says which observations its checks are for, and lets the scenario go on
    after a contradiction, so that one bug does not hide what there is to say of the others. In
    a scenario that covers one observation everything is about it. In one that covers several,
    what stands outside the blocks is preparation: it discharges nothing, and when it fails the
    observations that no block has judged cannot be judged. ``is_spoilt`` says that a busy machine
    may be why something could not be judged.
    """

    covered: tuple[str, ...]
    obligations: dict[str, int] = field(default_factory=dict)
    stops: dict[str, Stopped] = field(default_factory=dict)
    judged: set[str] = field(default_factory=set)
    current: tuple[str, ...] = ()
    is_spoilt: bool = False

    def __post_init__(self) -> None:
        """Start with nothing discharged."""
        self.obligations = dict.fromkeys(self.covered, 0)
        self.current = self.covered if len(self.covered) == 1 else ()

    def discharge(self, count: int = 1) -> None:
        """Count checks carried out for the observations under way."""
        for observation in self.current:
            self.obligations[observation] += count

    def stop(self, why: Stopped, observations: tuple[str, ...]) -> None:
        """Remember why these cannot be verified; of several reasons the most severe stays."""
        self.is_spoilt |= isinstance(why, Spoilt)
        for observation in observations:
            known = self.stops.get(observation)
            if known is None or SEVERITY.index(why.verdict) < SEVERITY.index(known.verdict):
                self.stops[observation] = why

    def stop_the_rest(self, why: Stopped) -> None:
        """Remember why the scenario ended before its end."""
        self.stop(why, tuple(o for o in self.covered if o not in self.judged))

    @contextmanager
    def about(self, *observations: str) -> Iterator[None]:
        """Narrow what happens inside to these observations; a verdict does not leave the block.

        Only ``Spoilt`` does: what comes after may build on what could not be judged.
        """
        unknown = set(observations) - set(self.covered)
        if unknown:
            raise ValueError(f"{sorted(unknown)} is not in @covers{self.covered}")
        before, self.current = self.current, observations
        try:
            yield
        except Spoilt:
            raise
        except Stopped as why:
            self.stop(why, observations)
        finally:
            self.current = before
        self.judged.update(observations)

    def spoilt(self) -> list[str]:
        """Return the observations of which nothing can be said, and perhaps for a busy machine."""
        left_open = [j for j in self.judgements() if j.verdict is Verdict.INCONCLUSIVE]
        return [judgement.observation for judgement in left_open if self.is_spoilt]

    def judgements(self) -> tuple[Judgement, ...]:
        """Return what the scenario says of each observation that it covers."""
        return tuple(self._judge(observation) for observation in self.covered)

    def _judge(self, observation: str) -> Judgement:
        count = self.obligations[observation]
        why = self.stops.get(observation)
        if why is not None:
            return Judgement(observation, why.verdict, count, why.reason)
        if count == 0:
            reason = "the scenario ended without having checked anything for it"
            return Judgement(observation, Verdict.INCONCLUSIVE, 0, reason)
        return Judgement(observation, Verdict.VERIFIED, count, None)


_Scenario = TypeVar("_Scenario", bound=Callable[..., Any])


def covers(*observations: str) -> Callable[[_Scenario], _Scenario]:
    """Declare which observations of ``spec/requirements.toml`` a scenario checks."""

    def declare(scenario: _Scenario) -> _Scenario:
        scenario.__dict__["covers"] = observations
        return scenario

    return declare


def alone(scenario: _Scenario) -> _Scenario:
    """Declare that nothing else may run beside a scenario: it measures times, or is big."""
    scenario.__dict__["alone"] = True
    return scenario


def lengthy(scenario: _Scenario) -> _Scenario:
    """Declare that a scenario waits for long: begun first, it is not what all wait for at last."""
    scenario.__dict__["lengthy"] = True
    return scenario


def direct(scenario: _Scenario) -> _Scenario:
    """Declare that nothing may carry the connections of a scenario, whatever the profile.

    It asks the kernel about them, stops the target while something waits at it, or is about
    times or great numbers.
    """
    scenario.__dict__["direct"] = True
    return scenario


def sequential(scenario: _Scenario) -> _Scenario:
    """Declare that everything in a scenario waits for what was before it.

    So each connection must see the same in the same order under every profile.
    """
    scenario.__dict__["sequential"] = True
    return scenario


@dataclass(frozen=True, slots=True)
class Scope:
    """Which observations a run is about: the sides of its targets, cut by ``--only``."""

    sides: frozenset[str]
    only: frozenset[str] = frozenset()

    def holds(self, observation: str, side: str) -> bool:
        """Whether the observation, such as ``RF-014.2``, is in scope."""
        requirement = observation.partition(".")[0]
        named = not self.only or observation in self.only or requirement in self.only
        return side in self.sides and named
