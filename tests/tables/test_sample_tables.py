"""Servers as students write them get the verdicts that they deserve, cell by cell.

Each lies in a folder of ``tests/samples`` with its target file and its table.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cells import agree, observations_tried, read, says_why

from harness import system
from harness.targets import sandbox
from spec.requirements import Side

SAMPLES = Path(__file__).parent.parent / "samples"
QUICK = ("RF-001.1", "RF-011.1", "RF-015.1")
"""The observations of which every change tries what one sample deserves."""
HARD_CODED = ("vpn",)
"""Their address is written in the program, so they cannot be started without a sandbox."""
NAMES = sorted(file.parent.name for file in SAMPLES.glob("*/alvo.toml"))
each_sample = pytest.mark.parametrize("name", NAMES)


def table(name: str) -> Path:
    """Return the table of a sample."""
    return SAMPLES / name / "verdicts.toml"


def described(name: str) -> str:
    """Return the target file of a sample."""
    return str(SAMPLES / name / "alvo.toml")


def test_a_sample_gets_the_verdicts_it_deserves_where_nothing_takes_long(tmp_path: Path) -> None:
    """A real run agrees with the cells of some observations."""
    _, cells = read(table("codes"))
    quick = {name: cells[name] for name in QUICK}
    agree(described("codes"), quick, tmp_path, "--only", ",".join(QUICK))


@pytest.mark.deep
@each_sample
def test_a_sample_gets_the_verdicts_it_deserves(name: str, tmp_path: Path) -> None:
    """A real run agrees with every cell of the table: the verdict, and what was seen."""
    if name in HARD_CODED and (why_not := sandbox.why_not()):
        pytest.skip(why_not)
    agree(described(name), read(table(name))[1], tmp_path)


@each_sample
def test_the_target_file_of_a_sample_can_be_used(name: str) -> None:
    """It loads, without anything being started, under the name of its folder and its table."""
    assert system.load(described(name)).name == name == read(table(name))[0]


@each_sample
def test_the_table_of_a_sample_has_every_observation_with_a_scenario(name: str) -> None:
    """No observation of the server side that is tried lacks its cell."""
    assert set(read(table(name))[1]) == observations_tried(Side.SERVER)


@each_sample
def test_every_cell_of_a_sample_says_why(name: str) -> None:
    """A cell has its reason in a sentence; one that is not green also has what is to be seen."""
    for observation, cell in read(table(name))[1].items():
        assert says_why(cell), observation
