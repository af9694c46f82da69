"""Small runs made by hand: two requirements, a few scenarios, and whatever a test changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.reports.build import Inputs, build
from harness.reports.model import Proof, Report, TargetInfo
from harness.results import FindingRecord, Over, Said
from harness.verdict import Scope, Verdict
from spec.requirements import Bilingual, Observation, Requirement, Side

SERVER, CLIENT = Side.SERVER, Side.CLIENT
HOSTILE = (
    "<script>alert(1)</script> [red]x[/red] `|` a|b [t](http://evil.example) www.evil.example "
    "\x1b[2J\x1b]0;owned\x07\r\n# fine\x00\x0b\ufffe\ud800\u202e javascript:alert(1) ]]> &amp;"
)


def requirement(name: str, *sides: Side) -> Requirement:
    """Return a requirement with an observation for each side; the first one has a limit."""
    observations = tuple(
        Observation(
            f"{name}.{number}",
            side,
            Bilingual(f"vê {name}.{number}", f"sees {name}.{number}"),
            "latency_p99_s" if number == 1 else None,
        )
        for number, side in enumerate(sides, start=1)
    )
    title = Bilingual(f"título {name}", f"title {name}")
    return Requirement(name, title, title, "test", ("1",), title, observations)


REQUIREMENTS = (
    requirement("RF-001", SERVER, SERVER, CLIENT),
    requirement("RF-002", SERVER, CLIENT),
    requirement("RF-003", CLIENT),
)
SERVER_ONES = ("RF-001.1", "RF-001.2", "RF-002.1")
PROOF = Proof("mute", "tells nobody", "ana never saw it")


def good(obligations: int = 1) -> Said:
    return Said(Verdict.VERIFIED, obligations)


def bad(reason: str = "it came twice", verdict: Verdict = Verdict.FAILED) -> Said:
    return Said(verdict, 1, reason)


def over(key: str, observations: Mapping[str, Said], **changed: Any) -> Over:
    """Return a scenario that is over."""
    fields: dict[str, Any] = {
        "scenario": key,
        "sentence": f"What {key} says.",
        "profile": "direct",
        "observations": dict(observations),
        "duration_s": 0.25,
        "figures": {"start_s": 0.03},
        "evidence": ["0.1 s ana: saw it"],
        "history": f"histories/{key.replace('/', '.')}.jsonl",
        "findings": [],
    }
    return Over(**(fields | changed))


def inputs(*overs: Over, **changed: Any) -> Inputs:
    """Return a run of the server side, all scenarios over and each observation proven."""
    collected = {o.scenario: list(o.observations) for o in overs}
    fields: dict[str, Any] = {
        "requirements": REQUIREMENTS,
        "scope": Scope(frozenset({"server"})),
        "targets": [TargetInfo("toy", "server")],
        "seed": 7,
        "duration_s": 1.5,
        "collected": collected,
        "begun": set(collected),
        "over": {o.scenario: o for o in overs},
        "proofs": {o.id: [PROOF] for r in REQUIREMENTS for o in r.observations},
        "mapped": set(SERVER_ONES),
        "interrupted": None,
    }
    return Inputs(**(fields | changed))


def all_good(**changed: Any) -> Report:
    """Return a run in which everything in scope is verified."""
    overs = [over(f"theme/{name}@direct", {name: good(2)}) for name in SERVER_ONES]
    return build(inputs(*overs, **changed))


def mixed(**changed: Any) -> Report:
    """Return a run with a verdict of nearly each kind, and a finding."""
    found = [FindingRecord("flood", "RF-001.1", "900 lines came")]
    return build(
        inputs(
            over("a/fine@direct", {"RF-001.1": good(3)}, findings=found),
            over("a/twice[rst]@direct", {"RF-001.1": good(), "RF-001.2": bad()}),
            over("b/lacks@direct", {"RF-002.1": bad("no command", Verdict.NOT_IMPLEMENTED)}),
            **changed,
        )
    )


def hostile() -> Report:
    """Return a run in which all that can be foreign is hostile."""
    bad_ones = {"RF-001.1": bad(HOSTILE), "RF-002.1": bad(HOSTILE, Verdict.INCONCLUSIVE)}
    return build(
        inputs(
            over(
                f"a/{HOSTILE}@direct",
                bad_ones,
                sentence=HOSTILE,
                profile=HOSTILE,
                evidence=[HOSTILE],
                history=HOSTILE,
                figures={HOSTILE: float("nan"), f"b{HOSTILE}": 1.0},
                findings=[FindingRecord(HOSTILE, HOSTILE, HOSTILE)],
            ),
            over("b/waits@direct", {}),
            targets=[TargetInfo(HOSTILE, HOSTILE)],
            proofs={"RF-001.1": [Proof(HOSTILE, HOSTILE, HOSTILE)]},
            mapped={HOSTILE},
            interrupted=HOSTILE,
        )
    )
