"""Systems that we know well get exactly the verdicts that they deserve, cell by cell.

The tables are data beside this file: a verdict, why it is deserved, and what the report must show.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from harness import mapping
from harness.guarded import MEASURING
from harness.system import load
from harness.targets.launch import missing_package
from spec import requirements
from spec.requirements import Side

HERE = Path(__file__).parent
REQUIREMENTS = requirements.load()
QUICK = ("RF-014", "RF-015")
"""The requirements of which every change tries what ngIRCd deserves."""
each_table = pytest.mark.parametrize("table", ["naive", "ngircd", "inspircd"])


def test_a_known_system_gets_the_verdicts_it_deserves_where_nothing_takes_long(
    tmp_path: Path,
) -> None:
    """A real run agrees with the cells of some requirements: the verdict, and what was seen."""
    target, cells = read("ngircd")
    quick = {name: cell for name, cell in cells.items() if name.partition(".")[0] in QUICK}
    agree(target, quick, tmp_path, "--only", ",".join(QUICK))


@pytest.mark.deep
@each_table
def test_a_known_system_gets_the_verdicts_it_deserves(table: str, tmp_path: Path) -> None:
    """A real run agrees with every cell of the table: the verdict, and what was seen."""
    agree(*read(table), tmp_path)


def agree(target: str, cells: dict[str, dict[str, str]], folder: Path, *options: str) -> None:
    """Check that a run says what the cells do."""
    require(target)
    report = verify(target, folder, *options)
    wrong = [
        f"{name} is {said['verdict']} ({said['reason']}) instead of {cell['verdict']}, "
        f"with {cell.get('seen', '')!r}: {cell['why']}"
        for name, cell in cells.items()
        if not agrees(said := said_of(name, report), cell)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_table_of_the_naive_server_has_every_observation_with_a_scenario() -> None:
    """No observation of the server side that is tried lacks its cell."""
    covered = {o for scenario in mapping.scenarios() for o in scenario.covers}
    sides = {o.id: o.side for r in REQUIREMENTS for o in r.observations}
    assert set(read("naive")[1]) == {o for o in covered if sides[o] is Side.SERVER}


@pytest.mark.parametrize("table", ["ngircd", "inspircd"])
def test_the_table_of_an_irc_server_has_every_requirement(table: str) -> None:
    """All 26 requirements have their cell."""
    assert list(read(table)[1]) == [requirement.id for requirement in REQUIREMENTS]


@each_table
def test_every_cell_says_why(table: str) -> None:
    """A cell has its reason in a sentence; one that is not green also has what is to be seen."""
    for name, cell in read(table)[1].items():
        assert cell["why"].endswith("."), name
        assert bool(cell.get("seen")) == (cell["verdict"] not in ("verified", "out of scope")), name


def read(table: str) -> tuple[str, dict[str, dict[str, str]]]:
    """Return the target of a table and its cells."""
    document = tomllib.loads((HERE / f"{table}.toml").read_text("utf-8"))
    cells = {name: cell for name, cell in document.items() if name.startswith("RF-")}
    return document["target"], cells


def require(target: str) -> None:
    """Fail where a program is not installed, or skip where nothing may be installed."""
    missing = missing_package(load(target).description)
    if missing is None:
        return
    if os.environ.get("CHAT_VERIFY_INSTALL") == "0":
        pytest.skip(missing)
    pytest.fail(missing)


def verify(target: str, folder: Path, *options: str) -> dict[str, Any]:
    """Run `chat-verify run` as a user would; return its report."""
    command = [sys.executable, "-P", "-m", "harness", "run", target, *options]
    unmeasured = {key: value for key, value in os.environ.items() if key not in MEASURING}
    told = subprocess.run(
        command,
        cwd=folder,
        env=unmeasured,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    report = folder / "report" / "report.json"
    assert report.is_file(), told.stdout + told.stderr
    document: dict[str, Any] = json.loads(report.read_text("utf-8"))
    assert document["interrupted"] is None, told.stdout + told.stderr
    return document


def said_of(name: str, report: dict[str, Any]) -> dict[str, Any]:
    """Return what a report says of a requirement, or of one observation of it."""
    requirement: dict[str, Any] = report["requirements"][name.partition(".")[0]]
    said: dict[str, Any] = requirement["observations"][name] if "." in name else requirement
    return said


def agrees(said: dict[str, Any], cell: dict[str, str]) -> bool:
    """Whether a report says what the cell does."""
    return said["verdict"] == cell["verdict"] and cell.get("seen", "") in (said["reason"] or "")
