"""Systems that we know well get exactly the verdicts that they deserve, cell by cell.

The tables are data beside this file: a verdict, why it is deserved, and what the report must show.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from cells import agree, observations_tried, read, says_why

from harness.gui import xserver
from spec import requirements
from spec.requirements import Side

HERE = Path(__file__).parent
REQUIREMENTS = requirements.load()
QUICK = ("RF-014", "RF-015")
"""The requirements of which every change tries what ngIRCd deserves."""
each_table = pytest.mark.parametrize("table", ["naive", "naive-client", "ngircd", "inspircd"])


def file(table: str) -> Path:
    """Return the file of a table."""
    return HERE / f"{table}.toml"


def test_a_known_system_gets_the_verdicts_it_deserves_where_nothing_takes_long(
    tmp_path: Path,
) -> None:
    """A real run agrees with the cells of some requirements: the verdict, and what was seen."""
    target, cells = read(file("ngircd"))
    quick = {name: cell for name, cell in cells.items() if name.partition(".")[0] in QUICK}
    agree(target, quick, tmp_path, "--only", ",".join(QUICK))


@pytest.mark.deep
@each_table
def test_a_known_system_gets_the_verdicts_it_deserves(table: str, tmp_path: Path) -> None:
    """A real run agrees with every cell of the table: the verdict, and what was seen."""
    if table == "naive-client" and (why_not := xserver.why_not()):
        pytest.skip(why_not)
    agree(*read(file(table)), tmp_path)


@pytest.mark.parametrize(("table", "side"), [("naive", Side.SERVER), ("naive-client", Side.CLIENT)])
def test_the_table_of_a_naive_system_has_every_observation_with_a_scenario(
    table: str, side: Side
) -> None:
    """No observation of its side that is tried lacks its cell."""
    assert set(read(file(table))[1]) == observations_tried(side)


@pytest.mark.parametrize("table", ["ngircd", "inspircd"])
def test_the_table_of_an_irc_server_has_every_requirement(table: str) -> None:
    """All 26 requirements have their cell."""
    assert list(read(file(table))[1]) == [requirement.id for requirement in REQUIREMENTS]


@each_table
def test_every_cell_says_why(table: str) -> None:
    """A cell has its reason in a sentence; one that is not green also has what is to be seen."""
    for name, cell in read(file(table))[1].items():
        assert says_why(cell), name
