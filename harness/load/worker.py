"""The process of a bench that holds all the connections, under the guard.

``python -m harness.load.worker PLAN``: measures target after target, run after run, and prints a
``Figure`` in each line. It does nothing else meanwhile: the table is drawn by its parent.
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

import msgspec

from harness import lifetimes
from harness.load import cpu
from harness.load.figures import Figure, Measure
from harness.load.sizes import Plan
from harness.load.stage import Stage, on_stage
from harness.load.trial import Trial
from harness.system import load

BARE = str(Path(__file__).parent / "bare.toml")


def main(path: str) -> None:
    """Measure all that is planned; the targets interleaved, in turning order."""
    lifetimes.raise_descriptor_limit()
    plan = msgspec.json.decode(Path(path).read_bytes(), type=Plan)
    systems = [load(target) for target in plan.targets]
    gc.freeze()
    for run in range(1, plan.runs + 1):
        bare(run, plan)
        turned = run % len(systems) if systems else 0
        for system in systems[turned:] + systems[:turned]:
            Trial(run, system, plan, tell).perform()


def tell(figure: Figure) -> None:
    """Print a figure for the parent."""
    print(msgspec.json.encode(figure).decode(), flush=True)


def bare(run: int, plan: Plan) -> None:
    """Measure a program that does nothing but send, read as all the others are."""
    for measure, per_send in ((Measure.ONE, 1), (Measure.TWENTY, plan.sizes.in_flight)):
        with on_stage(load(BARE), plan.sizes.join_s) as stage:
            tell(_bare(run, stage, measure, plan, per_send))


def _bare(run: int, stage: Stage, measure: Measure, plan: Plan, per_send: int) -> Figure:
    crowd, members = stage.crowd, plan.sizes.members
    for number in range(members):
        crowd.connect(str(number))
    shares = cpu.Shares(stage.processes)
    crowd.write(crowd.members[0], f"{members} {per_send}\n".encode())
    began = time.monotonic()
    crowd.turn_until(lambda: False, plan.seconds)
    rate = sum(crowd.counts()) / (time.monotonic() - began)
    load_share, server_share = shares.taken()
    crowd.write(crowd.members[0], b"stop\n")
    crowd.turn_until(crowd.is_over, plan.sizes.patience_s)
    expected = max(crowd.counts()) * members
    return Figure(
        run,
        stage.system.name,
        measure,
        rate,
        expected=expected,
        lost=expected - sum(crowd.counts()),
        load_share=load_share,
        server_share=server_share,
    )


if __name__ == "__main__":
    main(sys.argv[1])
