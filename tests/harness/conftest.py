"""What the tests of the harness share: a stage with real sockets, and rooms with real servers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))  # for harness_stage, which is ours alone

from harness_stage import Stage, open_room

from harness import lifetimes
from harness.room import Room

settings.register_profile(
    "harness", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=30
)
settings.load_profile("harness")


@pytest.fixture(scope="session", autouse=True)
def _orphans_come_to_us() -> None:
    """Be what the harness is while it verifies: the parent of every orphan below it."""
    lifetimes.adopt_orphans()


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A reactor, a history and a listening socket."""
    stage = Stage()
    yield stage
    stage.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Callable[..., Room]]:
    """Open the room of a tiny server with bugs; it is closed in the end."""
    opened: list[Room] = []

    def begin(*bugs: str, **choices: object) -> Room:
        opened.append(open_room(tmp_path, *bugs, **choices))  # type: ignore[arg-type]
        return opened[-1]

    yield begin
    for each in opened:
        each.close()
