"""The pytest plugin: runs scenarios against a target and records what they say.

pytest is the engine: it collects, selects, parametrises, runs in parallel (pytest-xdist) and
limits time (pytest-timeout). This plugin gives each scenario its ``room``, or its ``desk`` if it is
about clients, and writes a line when it is over. Loaded by name in the child that ``chat-verify``
starts; never in anybody's own suite.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness import lifetimes, mapping, results
from harness.description import DescriptionError
from harness.desk import Desk
from harness.faults.leaving import WAYS
from harness.faults.profiles import DIRECT
from harness.house import House, speak_alike
from harness.performance import AtDesk, InHouse, InRoom, Stage, key
from harness.plan import Plan
from harness.room import Room
from harness.system import System
from harness.verdict import Stopped, Unproven

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
    suitable = [item for item in items if suits(item, stage.systems)]
    covered = {item: found for item in suitable if (found := stage.in_scope(item))}
    if stage.worker in ("gw0", "main"):
        stage.append(results.Collected({key(item): found for item, found in covered.items()}))
    kept = [item for item in covered if stage.is_of_this_pass(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = sorted(kept, key=lambda item: not is_lengthy(item))


def is_lengthy(item: pytest.Item) -> bool:
    """Whether a scenario is to be begun before the others."""
    return getattr(getattr(item, "function", None), "lengthy", False)


@pytest.hookimpl(trylast=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let every scenario run under each profile of the plan; what does not suit is left out."""
    fixture = mapping.stage_of(metafunc.function)
    chosen = metafunc.config.stash[STAGE].plan.profiles if fixture == "room" else [DIRECT]
    metafunc.parametrize(fixture, chosen, indirect=True, ids=[f"@{name}" for name in chosen])


@pytest.fixture
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    """A fresh server, and nobody in its room yet."""
    yield from _perform(InRoom(request.config.stash[STAGE], request.node))


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A fresh client at its window, and nobody has typed anything yet."""
    yield from _perform(AtDesk(request.config.stash[STAGE], request.node))


@pytest.fixture
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """A fresh server, and nobody in its room nor at a window yet."""
    yield from _perform(InHouse(request.config.stash[STAGE], request.node))


def _perform(performance: InRoom | AtDesk | InHouse) -> Iterator[Any]:
    performance.begin()
    try:
        try:
            scene = performance.open()
        except Exception as broken:
            performance.ledger.stop_the_rest(_broken(broken))
            raise
        yield scene
    finally:
        performance.close()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Judge a scenario: its own checks, then what came until the target had stopped."""
    scene = pyfuncitem.funcargs[mapping.stage_of(pyfuncitem.function)]
    assert isinstance(scene, Room | Desk | House)
    try:
        yield
    except Stopped as why:
        scene.ledger.stop_the_rest(why)
    except BaseException as broken:
        scene.ledger.stop_the_rest(_broken(broken))
        raise
    try:
        scene.finish()
    except BaseException as broken:
        scene.ledger.stop(_broken(broken), scene.ledger.covered)
        raise
    ledger, stage = scene.ledger, pyfuncitem.config.stash[STAGE]
    ledger.is_spoilt |= scene.was_late
    settled = set(stage.in_scope(pyfuncitem)).difference(stage.will_be_asked_again(ledger))
    if reasons := {why.reason for o, why in ledger.stops.items() if o in settled}:
        pytest.fail("; ".join(reasons), pytrace=False)
    return True


def _broken(error: BaseException) -> Unproven:
    if isinstance(error, DescriptionError):
        return Unproven(f"nothing was started: {error}")
    return Unproven(f"the harness broke: {type(error).__name__}: {error}")


def suits(item: pytest.Item, systems: Mapping[str, System]) -> bool:
    """Whether there are the systems that a scenario needs, and its profile suits it."""
    assert isinstance(item, pytest.Function)
    needed = mapping.roles_of(item.function)
    if not systems.keys() >= set(needed) or not speak_alike(*(systems[n] for n in needed)):
        return False
    values = item.callspec.params
    if values.get("room", DIRECT) == DIRECT:
        return True
    is_silent = values.get("way") in SILENT_WAYS
    return not is_silent and not getattr(item.function, "direct", False)
