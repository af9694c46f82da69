"""The pytest plugin: runs scenarios against a target and records what they say.

pytest is the engine: it collects, selects, parametrises, runs in parallel (pytest-xdist) and
limits time (pytest-timeout). This plugin gives each scenario its ``room`` and writes a line when
it is over. Loaded by name in the child that ``chat-verify`` starts; never in anybody's own suite.
"""

from __future__ import annotations

import inspect
import os
import random
import time
from collections.abc import Generator, Iterator
from itertools import filterfalse
from pathlib import Path
from typing import Any, NoReturn

import pytest

from harness import lifetimes, results
from harness.checkers.sameness import seen
from harness.clients.reactor import Reactor
from harness.expect import Vocabulary
from harness.faults.leaving import WAYS
from harness.faults.profiles import DIRECT, PROFILES
from harness.history import History
from harness.linked import Lines
from harness.plan import Plan
from harness.room import Room
from harness.system import System, load
from harness.targets import launch
from harness.targets.process import CannotStart
from harness.targets.readiness import NotReady
from harness.verdict import Contradicted, Ledger, Stopped, Unproven
from spec import limits, requirements

MOST_EVIDENCE, MOST_LINKS = 40, 4
SILENT_WAYS = {name for name, way in WAYS.items() if way.is_silent}
STAGE = pytest.StashKey["Stage"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the plan of the run."""
    parser.addoption("--plan", help="the file that says what this run is about")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare this process for running scenarios."""
    lifetimes.adopt_orphans()
    lifetimes.raise_descriptor_limit()
    config.stash[STAGE] = Stage(Plan.load(Path(config.getoption("--plan"))))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Record which scenarios are in scope, and keep those of this pass."""
    stage = config.stash[STAGE]
    suitable = filter(suits, items)
    covered = {item: found for item in suitable if (found := stage.in_scope(item))}
    if stage.worker in ("gw0", "main"):
        stage.append(results.Collected({key(item): found for item, found in covered.items()}))
    kept = [item for item in covered if stage.is_of_this_pass(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.hookimpl(trylast=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let every scenario run under each profile of the plan; what does not suit is left out."""
    profiles = metafunc.config.stash[STAGE].plan.profiles
    metafunc.parametrize("room", profiles, indirect=True, ids=[f"@{name}" for name in profiles])


@pytest.fixture
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    """A fresh server, and nobody in its room yet."""
    stage = request.config.stash[STAGE]
    performance = Performance(stage, request.node)
    stage.append(results.Begun(performance.key))
    try:
        yield performance.open_room()
    finally:
        performance.close()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Judge a scenario: its own checks, then what came until the server had stopped."""
    room = pyfuncitem.funcargs["room"]
    assert isinstance(room, Room)
    try:
        yield
    except Stopped as why:
        room.ledger.stop_the_rest(why)
    except BaseException as broken:
        room.ledger.stop_the_rest(Unproven(f"the harness broke: {type(broken).__name__}: {broken}"))
        raise
    room.finish()
    try:
        room.lines.require_a_bite()
    except Stopped as why:
        room.ledger.stop(why, room.ledger.covered)
    in_scope = pyfuncitem.config.stash[STAGE].in_scope(pyfuncitem)
    if stops := [why for observation, why in room.ledger.stops.items() if observation in in_scope]:
        pytest.fail("; ".join({why.reason for why in stops}), pytrace=False)
    return True


def key(item: pytest.Item) -> str:
    """Return the key of a scenario: ``theme/sentence[way]@profile``."""
    theme = Path(item.path).stem
    name, _, profile = item.name.removesuffix("]").rpartition("@")
    sentence, _, way = name.removeprefix("test_").partition("[")
    ways = f"[{way.removesuffix('-')}]" if way else ""
    return f"{theme}/{sentence.replace('_', '-')}{ways}@{profile}"


def suits(item: pytest.Item) -> bool:
    """Whether a scenario may run under its profile, which may carry its connections."""
    assert isinstance(item, pytest.Function)
    values = item.callspec.params
    if values["room"] == DIRECT:
        return True
    is_silent = values.get("way") in SILENT_WAYS
    return not is_silent and not getattr(item.function, "direct", False)


class Stage:
    """What all scenarios of one process share: the plan, the system, the specification.

    ``never_started`` says why the first start failed: a server that never comes to listen is
    not waited for again in every scenario.
    """

    def __init__(self, plan: Plan) -> None:
        """Read everything once."""
        self.plan = plan
        self.worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.bounds = limits.load()
        self.system: System = load(plan.targets["server"])
        if plan.built:
            self.system = self.system.built_in(Path(plan.built))
        self.started = False
        self.never_started: str | None = None
        self._sides = {o.id: o.side for r in requirements.load() for o in r.observations}

    def in_scope(self, item: pytest.Item) -> list[str]:
        """Return the observations in scope that a scenario covers."""
        covers: tuple[str, ...] = getattr(getattr(item, "function", None), "covers", ())
        return [o for o in covers if self.plan.scope.holds(o, self._sides[o])]

    def is_of_this_pass(self, item: pytest.Item) -> bool:
        """Whether a scenario is for this pass: in parallel, or alone."""
        return getattr(getattr(item, "function", None), "alone", False) is self.plan.alone

    def append(self, line: results.Line) -> None:
        """Write a line for the parent."""
        results.append(Path(self.plan.spool), self.worker, line)


class Performance:
    """One scenario, from the start of its server to its line in the results."""

    def __init__(self, stage: Stage, item: pytest.Function) -> None:
        """Begin with an empty history."""
        self.key = key(item)
        self._stage = stage
        self._profile = str(item.callspec.params["room"])
        self._is_sequential = getattr(item.function, "sequential", False)
        self._sentence = (inspect.getdoc(item.function) or "").partition("\n")[0]
        self._history = History()
        self._ledger = Ledger(item.function.covers)
        self._in_scope = stage.in_scope(item)
        self._room: Room | None = None
        self._began = time.monotonic()
        self._figures: dict[str, float] = {}

    def open_room(self) -> Room:
        """Start the server. When it does not come to listen the scenario fails, with its reason."""
        stage, reactor = self._stage, Reactor()
        seed = f"{stage.plan.seed} {self.key}"
        if stage.never_started:
            self._give_up(Contradicted(stage.never_started))
        try:
            running = launch.start(
                stage.system.description, reactor, self._history, stage.plan.scale
            )
        except (NotReady, CannotStart) as why:
            sentence = f"the server did not start: {why}"
            if isinstance(why, NotReady) and not why.is_certain:
                self._give_up(Unproven(sentence))
            if not stage.started:
                stage.never_started = f"{sentence} (so it was not started again)"
            self._give_up(Contradicted(sentence))
        stage.started = True
        self._figures["start_s"] = time.monotonic() - self._began
        self._room = Room(
            system=stage.system,
            running=running,
            reactor=reactor,
            history=self._history,
            ledger=self._ledger,
            bounds=stage.bounds,
            vocabulary=Vocabulary(random.Random(seed)),
            scale=stage.plan.scale,
            lines=Lines(PROFILES.get(self._profile), random.Random(seed)),
        )
        return self._room

    def _give_up(self, why: Stopped) -> NoReturn:
        self._ledger.stop_the_rest(why)
        pytest.fail(why.reason, pytrace=False)

    def close(self) -> None:
        """Release the room and record what the scenario says."""
        evidence = self._evidence()  # while the links can still be asked
        if self._room is not None:
            self._room.close()
            self._time(self._room)
        name = self.key.replace("/", ".")
        self._history.write(Path(self._stage.plan.report) / "histories" / f"{name}.jsonl")
        self._stage.append(
            results.Over(
                scenario=self.key,
                sentence=self._sentence,
                profile=self._profile,
                observations=self._said(),
                duration_s=round(time.monotonic() - self._began, 4),
                figures=self._measured(),
                evidence=evidence,
                history=f"histories/{name}.jsonl",
                findings=self._findings(),
                seen=self._seen(),
            )
        )

    def _time(self, room: Room) -> None:
        """Say where the time went, and how late the harness itself was at worst."""
        over_s = self._history.now_s()
        stopped_s = min(room.stopped_s, over_s)
        self._figures["act_s"] = stopped_s - self._figures["start_s"]
        self._figures["stop_s"] = over_s - stopped_s
        self._figures["late_s"] = room.reactor.worst_lag_s(self._history.started)

    def _measured(self) -> results.Figures:
        """Return the figures of the scenario's own and of every scenario, as precise as shown."""
        own = self._room.figures if self._room else {}
        rounded = {name: round(value, 4) for name, value in self._figures.items()}
        return rounded | own

    def _said(self) -> dict[str, results.Said]:
        return {
            j.observation: results.Said(j.verdict, j.obligations, j.reason)
            for j in self._ledger.judgements()
            if j.observation in self._in_scope
        }

    def _seen(self) -> list[list[str]]:
        if self._room is None or not self._is_sequential:
            return []
        room = self._room
        views = [filterfalse(room.is_of_the_stop, member.events) for member in room.everyone]
        return seen(views, without=room.lines.greetings)

    def _evidence(self) -> list[str]:
        shown = [e for e in self._history.entries if e.mark == "?" or "left by" in e.what]
        carried = self._room.lines.evidence()[:MOST_LINKS] if self._room else []
        happened = [f"{e.at_s:.3f} s {e.who}: {e.what}" for e in shown[:MOST_EVIDENCE]]
        return [*(f"on a link: {sentence}" for sentence in carried), *happened]

    def _findings(self) -> list[results.FindingRecord]:
        found: list[Any] = self._room.findings if self._room else []
        return [results.FindingRecord(f.kind, f.observation, f.detail) for f in found]
