"""What the profiles mean for a run: which suit a target, and what a comparison says."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from harness.profiled import compared, remarks, suitable
from harness.results import Over, Said
from harness.system import load
from harness.verdict import Verdict

ALL = ["direct", "fragmented", "coalesced", "delayed"]
KEY = "speaking/all-hear"
VERIFIED, FAILED = Said(Verdict.VERIFIED, 3), Said(Verdict.FAILED, 1, "nobody heard it")


@dataclass(frozen=True)
class Ran:
    """What one scenario says under one profile."""

    said: Said = VERIFIED
    seen: tuple[str, ...] = ("joined person-1",)

    def over(self, profile: str) -> Over:
        return Over(
            scenario=f"{KEY}@{profile}",
            sentence="All hear.",
            profile=profile,
            observations={"RF-002.1": self.said},
            duration_s=0.1,
            figures={},
            evidence=[],
            history="",
            findings=[],
            seen=[list(self.seen)] if self.seen else [],
        )


def verdict(direct: Ran | None, delayed: Ran) -> Said:
    runs = {"direct": direct, "delayed": delayed}
    over = {f"{KEY}@{name}": run.over(name) for name, run in runs.items() if run}
    return compared(over)[f"{KEY}@delayed"].observations["RF-002.1"]


def test_a_protocol_with_framing_stands_every_profile() -> None:
    assert suitable(ALL, load("reference-server")) == ALL


def test_one_without_framing_is_not_asked_which_bytes_arrive_together() -> None:
    assert suitable(ALL, load("naive-server")) == ["direct", "delayed"]


def test_that_a_protocol_has_no_framing_is_found_once_and_says_what_was_left_out() -> None:
    (finding,) = remarks(ALL, load("naive-server"))
    assert finding.kind == "no-framing"
    assert finding.detail.endswith("these profiles were left out: fragmented, coalesced")


def test_of_a_protocol_with_framing_there_is_nothing_to_remark() -> None:
    assert remarks(ALL, load("reference-server")) == []


def test_to_have_seen_the_same_is_one_more_obligation() -> None:
    assert verdict(Ran(), Ran()) == Said(Verdict.VERIFIED, 4)


def test_to_have_seen_something_else_contradicts_the_scenario() -> None:
    said = verdict(Ran(), Ran(seen=("left person-1",)))
    assert said.verdict is Verdict.FAILED
    assert said.reason == (
        "not what it saw when directly connected: connection 1 saw as its event 1: "
        "left person-1 instead of joined person-1"
    )


@pytest.mark.parametrize(
    ("direct", "delayed"),
    [
        (None, Ran()),
        (Ran(said=FAILED), Ran(seen=("left person-1",))),
        (Ran(), Ran(said=FAILED, seen=())),
        (Ran(seen=()), Ran(seen=())),
    ],
    ids=["nothing to compare with", "direct failed", "failed already", "not sequential"],
)
def test_what_cannot_be_compared_keeps_its_verdict(direct: Ran | None, delayed: Ran) -> None:
    assert verdict(direct, delayed) == delayed.said


def test_the_direct_run_itself_is_not_compared() -> None:
    over = {f"{KEY}@direct": Ran().over("direct")}
    assert compared(over) == over
