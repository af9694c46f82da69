"""One performance of a scenario: its stage is set, and what it says is recorded when it is over.

Owns what a worker keeps for all its scenarios, and what becomes of each: a line for the parent, a
history. The plugin calls it; scenarios never see it.
"""

from __future__ import annotations

import inspect
import os
import random
import time
from collections.abc import Sequence
from itertools import filterfalse
from pathlib import Path
from typing import NoReturn

import pytest

from harness import results
from harness.checkers.sameness import seen
from harness.clients.reactor import Reactor
from harness.desk import Desk
from harness.expect import Vocabulary
from harness.faults.profiles import DIRECT, PROFILES
from harness.gui.xserver import NoDisplay
from harness.history import History
from harness.house import House
from harness.linked import Lines
from harness.plan import Plan
from harness.room import Room
from harness.system import System, load
from harness.targets import launch
from harness.targets.process import CannotStart
from harness.targets.readiness import NotReady
from harness.targets.tcp import Address
from harness.verdict import Contradicted, Ledger, Spoilt, Stopped
from spec import limits, requirements
from spec.requirements import Side

MOST_EVIDENCE, MOST_LINKS = 40, 4


class Stage:
    """What all scenarios of one process share: the plan, the systems, the specification.

    ``never_started`` says why the first start failed: a server that never comes to listen is
    not waited for again in every scenario. ``destination`` is where a client connects to of itself,
    once that was seen.
    """

    def __init__(self, plan: Plan) -> None:
        """Read everything once."""
        self.plan = plan
        self.worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self.bounds = limits.load()
        self.systems: dict[str, System] = {
            role: load(target) for role, target in plan.targets.items()
        }
        for role, folder in plan.built.items():
            self.systems[role] = self.systems[role].built_in(Path(folder))
        self.started = bool(plan.again)
        self.never_started: str | None = None
        self.destination: Address | None = None
        self._sides = {o.id: o.side for r in requirements.load() for o in r.observations}

    def in_scope(self, item: pytest.Item) -> list[str]:
        """Return the observations in scope that a scenario covers."""
        covers: tuple[str, ...] = getattr(getattr(item, "function", None), "covers", ())
        return [o for o in covers if self.plan.scope.holds(o, self._sides[o])]

    def is_of_this_pass(self, item: pytest.Item) -> bool:
        """Whether a scenario is for this pass: in parallel, alone, or once more."""
        if self.plan.again:
            return key(item) in self.plan.again
        return getattr(getattr(item, "function", None), "alone", False) is self.plan.alone

    def will_be_asked_again(self, ledger: Ledger) -> list[str]:
        """Return what a busy machine has spoilt, unless that was asked again already."""
        return [] if self.plan.again else ledger.spoilt()

    def append(self, line: results.Line) -> None:
        """Write a line for the parent."""
        results.append(Path(self.plan.spool), self.worker, line)


def key(item: pytest.Item) -> str:
    """Return the key of a scenario: ``theme/sentence[way]@profile``."""
    theme = Path(item.path).stem
    name, _, profile = item.name.removesuffix("]").rpartition("@")
    sentence, _, way = name.removeprefix("test_").partition("[")
    ways = f"[{way.removesuffix('-')}]" if way else ""
    return f"{theme}/{sentence.replace('_', '-')}{ways}@{profile}"


class Performance:
    """One scenario, from the setting of its stage to its line in the results."""

    def __init__(self, stage: Stage, item: pytest.Function, profile: str = DIRECT) -> None:
        """Begin with an empty history."""
        self.key = key(item)
        self.history = History()
        self.ledger = Ledger(item.function.covers)
        self.screens: list[str] = []
        self._stage = stage
        self._profile = profile
        self._sentence = (inspect.getdoc(item.function) or "").partition("\n")[0]
        self._in_scope = stage.in_scope(item)
        self._began = time.monotonic()
        self._figures: dict[str, float] = {"start_s": 0.0}

    @property
    def file_name(self) -> str:
        """How its files are called in the folder of the report, without an ending."""
        return self.key.replace("/", ".") + (".again" if self._stage.plan.again else "")

    def begin(self) -> None:
        """Let the parent know that it has begun."""
        self._stage.append(results.Begun(self.key))

    def vocabulary(self) -> Vocabulary:
        """Return the names and texts of this scenario: the seed of the run says which."""
        return Vocabulary(self._random())

    def give_up(self, why: Stopped) -> NoReturn:
        """End the scenario before it has begun; for pytest it has not failed if it comes again."""
        self.ledger.stop_the_rest(why)
        if self._stage.will_be_asked_again(self.ledger):
            pytest.skip(why.reason)  # the report has its verdict all the same
        pytest.fail(why.reason, pytrace=False)

    def keep(self, desk: Desk, name: str = "") -> None:
        """Keep what a window shows, if anything has failed."""
        if self.ledger.stops:
            desk.take_a_snapshot()
        if desk.snapshot:
            folder = Path(self._stage.plan.report)
            self.screens += desk.snapshot.write(folder, f"{self.file_name}{name}")

    def is_set(self) -> None:
        """Note how long the setting of the stage took."""
        self._figures["start_s"] = time.monotonic() - self._began

    def record(
        self,
        *,
        evidence: Sequence[str] = (),
        figures: results.Figures | None = None,
        findings: Sequence[results.FindingRecord] = (),
        seen: Sequence[list[str]] = (),
    ) -> None:
        """Write the history, and the line that says what the scenario says."""
        name = self.file_name
        self.history.write(Path(self._stage.plan.report) / "histories" / f"{name}.jsonl")
        rounded: results.Figures = {n: round(value, 4) for n, value in self._figures.items()}
        self._stage.append(
            results.Over(
                scenario=self.key,
                sentence=self._sentence,
                profile=self._profile,
                observations={
                    j.observation: results.Said(j.verdict, j.obligations, j.reason)
                    for j in self.ledger.judgements()
                    if j.observation in self._in_scope
                },
                duration_s=round(time.monotonic() - self._began, 4),
                figures=rounded | (figures or {}),
                evidence=[*evidence, *self._happened()],
                history=f"histories/{name}.jsonl",
                findings=list(findings),
                seen=list(seen),
                screens=self.screens,
                spoilt=[o for o in self.ledger.spoilt() if o in self._in_scope],
            )
        )

    def time(self, reactor: Reactor, stopped_s: float) -> None:
        """Say where the time went, and how late the harness itself was at worst."""
        over_s = self.history.now_s()
        stopped_s = min(stopped_s, over_s)
        self._figures["act_s"] = stopped_s - self._figures["start_s"]
        self._figures["stop_s"] = over_s - stopped_s
        self._figures["late_s"] = reactor.worst_lag_s(self.history.started)

    def _random(self) -> random.Random:
        return random.Random(f"{self._stage.plan.seed} {self.key}")

    def _happened(self) -> list[str]:
        shown = [e for e in self.history.entries if e.mark == "?" or "left by" in e.what]
        return [f"{e.at_s:.3f} s {e.who}: {e.what}" for e in shown[:MOST_EVIDENCE]]


class WithServer(Performance):
    """A scenario that has a room, with a fresh server."""

    def __init__(self, stage: Stage, item: pytest.Function) -> None:
        """Begin with an empty history."""
        super().__init__(stage, item, str(item.callspec.params.get("room", DIRECT)))
        self._is_sequential = getattr(item.function, "sequential", False)
        self._room: Room | None = None

    def open_room(self) -> Room:
        """Start the server. When it does not come to listen the scenario fails, with its reason."""
        stage, reactor = self._stage, Reactor()
        if stage.never_started:
            self.give_up(Contradicted(stage.never_started))
        try:
            running = launch.start(
                stage.systems[Side.SERVER].description, reactor, self.history, stage.plan.scale
            )
        except (NotReady, CannotStart) as why:
            sentence = f"the server did not start: {why}"
            if isinstance(why, NotReady) and not why.is_certain:
                self.give_up(Spoilt(sentence))
            if not stage.started:
                stage.never_started = f"{sentence} (so it was not started again)"
            self.give_up(Contradicted(sentence))
        stage.started = True
        self.is_set()
        self._room = Room(
            system=stage.systems[Side.SERVER],
            running=running,
            reactor=reactor,
            history=self.history,
            ledger=self.ledger,
            bounds=stage.bounds,
            vocabulary=self.vocabulary(),
            scale=stage.plan.scale,
            lines=Lines(PROFILES.get(self._profile), self._random()),
        )
        return self._room

    def close(self) -> None:
        """Release the room and record what the scenario says."""
        if (room := self._room) is None:
            self.record()
            return
        carried = room.lines.evidence()[:MOST_LINKS]  # while the links can still be asked
        room.close()
        self.time(room.reactor, room.stopped_s)
        self.record(
            evidence=[f"on a link: {sentence}" for sentence in carried],
            figures=room.figures,
            findings=room.findings,
            seen=self._seen(room),
        )

    def _seen(self, room: Room) -> list[list[str]]:
        if not self._is_sequential:
            return []
        views = [filterfalse(room.is_of_the_stop, member.events) for member in room.everyone]
        return seen(views, without=room.lines.greetings)


class InRoom(WithServer):
    """A scenario of servers: in the room of a fresh one."""

    def open(self) -> Room:
        """Start the server."""
        return self.open_room()


class AtDesk(Performance):
    """A scenario of clients: a fresh one at its window, and a server that we are."""

    _desk: Desk | None = None

    def open(self) -> Desk:
        """Prepare a screen, and the ground for a client."""
        stage = self._stage
        self._desk = desk = Desk(
            system=stage.systems[Side.CLIENT],
            reactor=Reactor(),
            history=self.history,
            ledger=self.ledger,
            bounds=stage.bounds,
            vocabulary=self.vocabulary(),
            scale=stage.plan.scale,
            destination=stage.destination,
        )
        try:
            desk.open()
        except NoDisplay as why:
            desk.reactor.close()
            self._desk = None
            self.give_up(Spoilt(str(why)))
        self.is_set()
        return desk

    def close(self) -> None:
        """Release the desk and record what the scenario says."""
        if (desk := self._desk) is None:
            self.record()
            return
        stopped_s = self.history.now_s()
        self.keep(desk)
        desk.close()
        desk.reactor.close()
        self._stage.destination = desk.destination
        self.time(desk.reactor, stopped_s)
        self.record(figures=desk.figures, findings=desk.findings)


class InHouse(WithServer):
    """A scenario of the whole system: the room of a fresh server, and windows that lead into it."""

    _house: House | None = None

    def open(self) -> House:
        """Start the server; the windows come later."""
        self._house = House(self.open_room(), self._stage.systems[Side.CLIENT])
        return self._house

    def close(self) -> None:
        """Release everything and record what the scenario says."""
        for desk in self._house.desks if self._house else ():
            self.keep(desk, f".{desk.name}")
            desk.close()
        super().close()
