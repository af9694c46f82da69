"""The proofs: every one-bug system of `tests/mutants` is caught, for its bug and no other reason.

Each mutant is run as a user would run it, through a target file and the command line. What is
seen is compared with `harness/scenarios/proofs.json`. With WRITE_PROOFS=1 in the environment it
is recorded there instead, mutant by mutant, under a lock: with xdist or without. `tox run -e
proofs` does that, and is what to type after a change of a scenario or of a mutant.
"""

from __future__ import annotations

import ast
import fcntl
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness import mapping
from harness.guarded import MEASURING
from harness.mapping import Proof, digest
from harness.system import SHIPPED
from spec import requirements

MUTANTS = Path(__file__).parent.parent / "mutants"
PROOFS = Path(__file__).parent.parent.parent / "harness" / "scenarios" / "proofs.json"
REFERENCES = {role: SHIPPED / f"reference-{role}.toml" for role in ("server", "client")}
STARTED = '"-m", "chat", "{role}"'
"""What the commands of the reference have where those of a mutant have its file."""
COMMANDS = {"server": 1, "client": 2}
"""How many of them a target file has: a client is also started without arguments."""
WRITING = os.environ.get("WRITE_PROOFS") == "1"
REFRESH = "type `tox run -e proofs` to record what is seen now"
LATE = "but the harness itself was"
TOLD = ("BREAKS", "REASON", "WAY", "PROFILE", "ROLE")
CAUGHT = ("failed", "not implemented")
SEED = "7"
PATIENCE = (1.0, 5.0)
"""Scales of waiting: a machine so busy that the harness was late is asked again, with more."""


@dataclass(frozen=True)
class Mutant:
    """What the text of a mutant says of itself. It is not imported: that could change `chat`."""

    name: str
    text: str
    what: str
    breaks: tuple[str, ...]
    reason: str
    way: str
    profile: str
    role: str


def read_mutant(path: Path) -> Mutant:
    """Read the docstring of a mutant and the constants that it declares."""
    text = path.read_text("utf-8")
    module = ast.parse(text)
    told: dict[str, Any] = {}
    for statement in module.body:
        match statement:
            case ast.Assign(targets=[ast.Name(name)]) if name in TOLD:
                told[name] = ast.literal_eval(statement.value)
    return Mutant(
        name=path.stem,
        text=text,
        what=ast.get_docstring(module) or "",
        breaks=told["BREAKS"],
        reason=told["REASON"],
        way=told.get("WAY", ""),
        profile=told.get("PROFILE", "direct"),
        role=told.get("ROLE", "server"),
    )


ALL = [read_mutant(path) for path in sorted(MUTANTS.glob("*.py"))]
BROKEN = sorted({observation for mutant in ALL for observation in mutant.breaks})
each_mutant = pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: str(mutant.name))


EVERYDAY = ("accents_are_dropped", "departed_is_still_on_the_list", "private_is_told_to_all")
"""The mutants that every change runs: enough to show that mutants are caught at all."""


def all_but_those_are_deep() -> list[Any]:
    """Return all mutants; those that only `tox run -e proofs` and `-e deep` run are marked."""
    return [
        pytest.param(m, id=m.name, marks=() if m.name in EVERYDAY else pytest.mark.deep)
        for m in ALL
    ]


@pytest.mark.parametrize("mutant", all_but_those_are_deep())
def test_a_mutant_is_caught_for_its_bug(mutant: Mutant, tmp_path: Path) -> None:
    """Each observation that a mutant breaks fails, and the reason shows the intended bug."""
    target = target_of(mutant, tmp_path)
    seen = {}
    for observation in mutant.breaks:
        chosen = ("--only", observation, "--profile", mutant.profile)
        report = verify_on_time(target, tmp_path, *chosen, "--fail-fast")
        seen[observation] = proof(mutant, observation, report)
    if WRITING:
        record(mutant, seen)
    recorded = mapping.read_proofs(PROOFS)
    for observation, now in seen.items():
        same = [p for p in recorded.get(observation, []) if is_same(p, now)]
        assert same, f"{PROOFS.name} does not say that {mutant.name} is caught so: {now}; {REFRESH}"


def test_each_mutant_says_in_one_sentence_what_is_wrong() -> None:
    """The docstring of a mutant is one sentence on one line."""
    assert [m.name for m in ALL if not re.fullmatch(r"[A-Z][^.\n]*\.", m.what)] == []


@pytest.mark.deep
@pytest.mark.parametrize("role", REFERENCES)
def test_the_reference_passes_what_the_mutants_break(role: str, tmp_path: Path) -> None:
    """Without a bug no scenario fails: what a mutant shows is due to its bug alone."""
    broken = sorted({o for mutant in ALL if mutant.role == role for o in mutant.breaks})
    report = verify(f"reference-{role}", tmp_path, "--only", ",".join(broken), jobs=4)
    caught = {key: s["reason"] for key, s in report["scenarios"].items() if s["verdict"] in CAUGHT}
    assert caught == {}
    checks = {name: o["obligations"] for name, o in observations(report).items()}
    assert [name for name in broken if not checks[name]] == []


def test_everything_that_a_scenario_claims_is_proved() -> None:
    """Every observation that has a scenario has a mutant that breaks it."""
    assert {o for scenario in mapping.scenarios() for o in scenario.covers} <= set(BROKEN)


@pytest.mark.skipif(WRITING, reason="the proofs are being recorded")
def test_no_proof_is_stale() -> None:
    """The recorded proofs are those of the mutants and scenarios that there are."""
    proofs = mapping.read_proofs(PROOFS)
    assert mapping.problems(requirements.load(), proofs) == [], REFRESH
    recorded = {(o, p.bug) for o, found in proofs.items() for p in found}
    assert recorded == {(o, mutant.name) for mutant in ALL for o in mutant.breaks}, REFRESH


def target_of(mutant: Mutant, folder: Path) -> str:
    """Write the target file of a mutant: the reference's, but for the program started."""
    reference = REFERENCES[mutant.role]
    text = reference.read_text("utf-8")
    program = json.dumps(str(MUTANTS / f"{mutant.name}.py"))
    started = STARTED.format(role=mutant.role)
    named, times = f'"{reference.stem}"', COMMANDS[mutant.role]
    for old, new, count in ((named, f'"{mutant.name}"', 1), (started, program, times)):
        assert text.count(old) == count, f"{reference.name} has {old} {text.count(old)} times"
        text = text.replace(old, new)
    file = folder / "target.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def verify_on_time(target: str, folder: Path, *options: str) -> dict[str, Any]:
    """Verify; if nothing could be said because the harness was late, again with more patience."""
    for scale in PATIENCE:
        report = verify(target, folder, *options, scale=scale)
        if not any(LATE in (o["reason"] or "") for o in observations(report).values()):
            break
    return report


def verify(
    target: str, folder: Path, *options: str, scale: float = 1.0, jobs: int = 1
) -> dict[str, Any]:
    """Run `chat-verify run` in a folder; return its report."""
    told = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "harness", "run", target, *options),
            *("--jobs", str(jobs), "--seed", SEED, "--time-scale", str(scale)),
        ],
        cwd=folder,
        env=unmeasured(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert told.returncode in (0, 1, 3), told.stdout + told.stderr
    report: dict[str, Any] = json.loads((folder / "report" / "report.json").read_text("utf-8"))
    return report


def unmeasured() -> dict[str, str]:
    """Return our environment without coverage: a one-bug system measures nothing of ours."""
    return {key: value for key, value in os.environ.items() if key not in MEASURING}


def observations(report: dict[str, Any]) -> dict[str, Any]:
    """Return what a report says of every observation."""
    return {
        name: said
        for requirement in report["requirements"].values()
        for name, said in requirement["observations"].items()
    }


def proof(mutant: Mutant, observation: str, report: dict[str, Any]) -> Proof:
    """Return what proves that a scenario of this observation catches this mutant."""
    said = {key: scenario["said"].get(observation) for key, scenario in report["scenarios"].items()}
    caught = {key: s for key, s in sorted(said.items()) if s and s["verdict"] in CAUGHT}
    assert caught, f"{observation} did not fail; what was said: {said}"
    key, judged = next(iter(caught.items()))
    reason = readable(judged["reason"])
    assert mutant.reason in reason, f"{key} failed for something else"
    assert f"[{mutant.way}" in f"{key}[", f"{key} failed first"
    name = re.sub(r"(\[.*)?@.*", "", key)
    scenario = next(s for s in mapping.scenarios() if s.key == name)
    return Proof(
        bug=mutant.name,
        what=mutant.what,
        scenario=name,
        reason=reason,
        scenario_digest=scenario.digest,
        bug_digest=digest(mutant.text),
    )


def readable(reason: str) -> str:
    """Keep the point of a reason, and put the same words for what differs from run to run."""
    differing = (
        (r"[qx][bcdfghjkmnprstvwz]{11}", "<text>"),
        (r"(?:(?<=\\n)|\b)(ana|bia|caio|dora|enzo|elis|fim|nino|mar|lento)[a-z]{2,4}\b", r"<\1>"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|(?<=')\d\d:\d\d\b", "<time>"),
        (r"/\S*/(?=chat\.log)", "<folder>/"),
        (r"(?<=took )[\d.]+ s", "<time>"),
        (r"(?<=answered nothing for )[\d.]+ s(, at [^;]*)?", "<time>"),
        (r"(?<=127\.1\.2\.3:)\d+", "<port>"),
        (r"(?<=used )[\d.]+ s of CPU in [\d.]+ s", "<time> of CPU in <time>"),
        (r"(?<=grew by )\d+", "<number>"),
        (r": (silent for|it did not come within) .*", ""),
        (r"(?<=ended by itself) with status .*", ""),
        (r"; it shows: .*", ""),
        (r"(?<=time\(s\): ).*(?=<text>)", "…"),
    )
    for pattern, words in differing:
        reason = re.sub(pattern, words, reason)
    return reason


def is_same(recorded: Proof, seen: Proof) -> bool:
    """Whether both say the same; what a reason shows beside its point may differ."""
    return (recorded.bug, recorded.what, recorded.scenario) == (
        seen.bug,
        seen.what,
        seen.scenario,
    ) and (recorded.scenario_digest, recorded.bug_digest) == (
        seen.scenario_digest,
        seen.bug_digest,
    )


def record(mutant: Mutant, seen: dict[str, Proof]) -> None:
    """Replace the recorded proofs of a mutant, and forget mutants that there are no more."""
    kept = {other.name for other in ALL} - {mutant.name}
    with exclusively(MUTANTS):
        proofs = {
            observation: [p for p in found if p.bug in kept]
            for observation, found in mapping.read_proofs(PROOFS).items()
        }
        for observation, now in seen.items():
            proofs.setdefault(observation, []).append(now)
        fresh = PROOFS.with_suffix(".new")
        mapping.write_proofs({o: found for o, found in proofs.items() if found}, fresh)
        fresh.replace(PROOFS)


@contextmanager
def exclusively(folder: Path) -> Iterator[None]:
    """Keep other workers out."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
