"""One target, started once or twice: all its measures of one run, as figures.

Nothing here knows any program: what a target cannot do is said by its dialect, and told instead of
a figure.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from harness.load import cpu
from harness.load.crowd import Crowd, Member
from harness.load.figures import Figure, Measure
from harness.load.joining import NotAdmitted, first_words
from harness.load.measures import Result, Senders, deliveries, latency
from harness.load.sizes import Plan
from harness.load.speaking import Flood
from harness.load.stage import Stage, on_stage
from harness.load.texts import wrapping
from harness.system import System
from harness.targets.process import CannotStart
from harness.targets.readiness import NotReady

FLOODER, FLOOD_TEXTS = 99, 200
UNFRAMED = "not applicable: no framing, so messages in flight merge"


@dataclass(slots=True)
class Trial:
    """All measures of one target in one run; each figure is told as soon as it is there."""

    run: int
    system: System
    plan: Plan
    tell: Callable[[Figure], None]

    def perform(self) -> None:
        """Measure; what cannot be measured is told with its reason."""
        if wrapping(self.system.dialect, "m") is None:
            self._none(list(Measure), "not applicable: a message takes more than writing")
            return
        self._guarded(self._load, [m for m in Measure if m not in ISOLATION])
        if self.system.dialect.from_client.framed:
            self._guarded(self._isolation, ISOLATION)
        else:
            self._none(ISOLATION, UNFRAMED)

    def _guarded(self, measure: Callable[[Stage], None], about: list[Measure]) -> None:
        told: set[Measure] = set()
        tell = self.tell

        def remember(figure: Figure) -> None:
            told.add(figure.measure)
            tell(figure)

        self.tell = remember
        try:
            with on_stage(self.system, self.plan.sizes.join_s) as stage:
                measure(stage)
        except (NotReady, CannotStart, NotAdmitted) as why:
            self._none([m for m in about if m not in told], str(why))
        finally:
            self.tell = tell

    def _none(self, about: list[Measure], note: str) -> None:
        for measure in about:
            self.tell(Figure(self.run, self.system.name, measure, note=note))

    def _load(self, stage: Stage) -> None:
        sizes = self.plan.sizes
        stage.join(sizes.members)
        senders = stage.senders(stage.crowd.members[: sizes.senders])
        self._deliveries(stage, Measure.ONE, senders, 1)
        if self.system.dialect.from_client.framed:
            self._deliveries(stage, Measure.TWENTY, senders, sizes.in_flight)
        else:
            self._none([Measure.TWENTY], UNFRAMED)
        self._latency(stage, Measure.LATENCY, senders, sizes.rate, stage.crowd.members)
        stage.join(sizes.crowd)
        first_words(stage.crowd, self.system.dialect)
        self._latency(stage, Measure.CROWD, senders, sizes.crowd_rate, stage.crowd.members)
        self._value(Measure.MEMORY, cpu.resident_mb(stage.processes))

    def _isolation(self, stage: Stage) -> None:
        sizes = self.plan.sizes
        members = stage.join(sizes.isolated)
        (flooder,) = stage.join(sizes.isolated + 1)
        senders = stage.senders(members[:1])
        self._latency(stage, Measure.ALONE, senders, sizes.isolated_rate, members)
        wrap = wrapping(self.system.dialect, flooder.name)
        assert wrap is not None
        frames = [wrap(FLOODER, number) for number in range(FLOOD_TEXTS)]
        with Flood(flooder.socket, frames, stage.crowd) as flood:
            began, before = flood.begin(), members[-1].texts - senders.said[0]
            self._latency(stage, Measure.FLOODED, senders, sizes.isolated_rate, members, flooder)
            flooded = members[-1].texts - senders.said[0] - before
            rate = flooded / (time.monotonic() - began)
        self._value(Measure.FLOOD, rate)
        self._value(Measure.PEAK, cpu.most_resident_mb(stage.processes))

    def _deliveries(self, stage: Stage, measure: Measure, senders: Senders, in_flight: int) -> None:
        seconds, patience_s = self.plan.seconds, self.plan.sizes.patience_s
        self._timed(
            stage,
            measure,
            lambda: deliveries(stage.crowd, senders, in_flight, seconds, patience_s),
        )

    def _latency(
        self,
        stage: Stage,
        measure: Measure,
        senders: Senders,
        rate: float,
        listeners: list[Member],
        flooder: Member | None = None,
    ) -> None:
        patience_s = self.plan.sizes.patience_s

        def take() -> Result:
            return latency(stage.crowd, senders, rate, self.plan.seconds, patience_s, listeners)

        self._timed(stage, measure, take, scale=1_000.0, flooder=flooder)

    def _timed(
        self,
        stage: Stage,
        measure: Measure,
        take: Callable[[], Result],
        scale: float = 1.0,
        flooder: Member | None = None,
    ) -> None:
        shares = cpu.Shares(stage.processes)
        result = take()
        load, server = shares.taken(result.speaker_s)
        self.tell(
            Figure(
                self.run,
                self.system.name,
                measure,
                result.value * scale,
                expected=result.expected,
                lost=result.lost,
                load_share=load,
                server_share=server,
                note=_notes(result, stage.crowd, flooder),
            )
        )

    def _value(self, measure: Measure, value: float) -> None:
        self.tell(Figure(self.run, self.system.name, measure, value))


ISOLATION = [Measure.ALONE, Measure.FLOODED, Measure.FLOOD, Measure.PEAK]


def _notes(result: Result, crowd: Crowd, flooder: Member | None) -> str:
    notes = []
    if flooder is not None and not flooder.lives:
        notes.append("the flooder was thrown out")
    if gone := crowd.lost_members - (flooder is not None and not flooder.lives):
        notes.append(f"{gone} of {len(crowd.members)} members were thrown out")
    if result.wrong:
        notes.append("texts came twice, torn or out of order")
    if result.late_s > result.value / 2 > 0:
        notes.append("the speaker itself was late by much of this")
    return "; ".join(notes)
