"""The mapping and the matrix: what checks what, and what is stale or unknown."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from harness import mapping, matrix
from harness.mapping import Proof
from harness.scenarios import THEMES
from spec import requirements

KNOWN = requirements.load()
SCENARIO = mapping.scenarios()[0]
OBSERVATION = SCENARIO.covers[0]


@pytest.fixture
def proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Proof:
    """A current proof by a bug in a folder of its own."""
    monkeypatch.setattr(mapping, "MUTANTS", tmp_path)
    (tmp_path / "um_bug.py").write_text("bug = 1\n")
    return Proof(
        bug="um_bug",
        what="a bug",
        scenario=SCENARIO.key,
        reason="seen",
        scenario_digest=SCENARIO.digest,
        bug_digest=mapping.digest("bug = 1\n"),
    )


def complaints(proof: Proof) -> list[str]:
    return mapping.problems(KNOWN, {OBSERVATION: [proof]})


# -- scenarios ------------------------------------------------------------------------------


def test_every_scenario_has_a_key_a_sentence_and_something_it_covers() -> None:
    found = mapping.scenarios()
    assert len({scenario.key for scenario in found}) == len(found)
    for scenario in found:
        assert re.fullmatch(r"[a-z]+/[a-z0-9-]+", scenario.key)
        assert scenario.sentence.endswith(".")
        assert scenario.covers


def test_the_modules_of_the_scenarios_are_files() -> None:
    assert all(module.is_file() for module in mapping.modules())
    assert [module.stem for module in mapping.modules()] == list(THEMES)


def test_an_observation_that_the_specification_lacks_is_named_with_its_scenario() -> None:
    told = mapping.problems((), {})
    assert (
        f"{SCENARIO.key} covers {OBSERVATION}, which is no observation of the specification" in told
    )
    assert mapping.problems(KNOWN, {}) == []


# -- proofs ---------------------------------------------------------------------------------


def test_a_current_proof_is_no_problem(proof: Proof) -> None:
    assert complaints(proof) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"scenario_digest": "0"}, f"{SCENARIO.key} has changed"),
        ({"scenario": "private/nothing"}, "private/nothing has changed"),
        ({"bug_digest": "0"}, "um_bug.py has changed"),
    ],
)
def test_a_stale_proof_is_named_with_what_has_changed(
    proof: Proof, change: dict[str, str], why: str
) -> None:
    assert complaints(msgspec.structs.replace(proof, **change)) == [
        f"the proof of {OBSERVATION} by um_bug is stale: {why}"
    ]


def test_a_proof_by_a_bug_that_is_gone_is_stale(proof: Proof) -> None:
    gone = msgspec.structs.replace(proof, bug="outro")
    assert complaints(gone) == [
        f"the proof of {OBSERVATION} by outro is stale: outro.py has changed"
    ]


def test_where_the_bugs_are_not_installed_only_the_scenario_is_compared(
    proof: Proof, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapping, "MUTANTS", Path("/nada"))
    assert complaints(msgspec.structs.replace(proof, bug_digest="0")) == []


def test_proofs_are_read_back_as_they_were_written_in_one_order(
    proof: Proof, tmp_path: Path
) -> None:
    other = msgspec.structs.replace(proof, bug="antes")
    file = tmp_path / "proofs.json"
    mapping.write_proofs({"RF-002.1": [proof], "RF-001.1": [proof, other]}, file)
    assert mapping.read_proofs(file) == {"RF-001.1": [other, proof], "RF-002.1": [proof]}
    assert list(mapping.read_proofs(file)) == ["RF-001.1", "RF-002.1"]
    first = file.read_bytes()
    mapping.write_proofs({"RF-001.1": [other, proof], "RF-002.1": [proof]}, file)
    assert file.read_bytes() == first
    assert first.endswith(b"\n")


def test_without_a_file_there_are_no_proofs(tmp_path: Path) -> None:
    assert mapping.read_proofs(tmp_path / "nada.json") == {}


# -- the matrix -----------------------------------------------------------------------------


def rows(drawn: str, observation: str) -> list[str]:
    return [line for line in drawn.splitlines() if line.startswith(f"| {observation} |")]


def test_the_matrix_has_one_row_for_each_observation(proof: Proof) -> None:
    drawn = matrix.draw(KNOWN, {OBSERVATION: [proof, proof]})
    for requirement in KNOWN:
        assert f"## {requirement.id} {requirement.title.en}\n\n*{requirement.title.pt}*" in drawn
        for observation in requirement.observations:
            assert len(rows(drawn, observation.id)) == 1
    (row,) = rows(drawn, OBSERVATION)
    assert f"`{SCENARIO.key}`" in row
    assert row.count("`um_bug`") == 1


def test_what_has_no_scenario_or_no_proof_says_so() -> None:
    requirement = KNOWN[0]
    client = next(o for o in requirement.observations if o.side == "client")
    untried = replace(client, id="RF-001.99")
    (row,) = rows(matrix.draw((replace(requirement, observations=(untried,)),), {}), untried.id)
    assert row.endswith(" | none yet | none yet |")
    assert row.startswith(f"| {untried.id} | C | ")


def test_a_cell_never_breaks_its_table() -> None:
    requirement = KNOWN[0]
    first = requirement.observations[0]
    text = replace(first.text, en="a | b")
    changed = replace(requirement, observations=(replace(first, text=text),))
    (row,) = rows(matrix.draw((changed,), {}), first.id)
    assert "a \\| b" in row
    assert len(re.findall(r"(?<!\\)\|", row)) == 6
