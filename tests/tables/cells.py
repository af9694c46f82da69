"""The cells of a table of verdicts, and whether a real run says the same."""

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
from harness.targets.instructions import missing_package
from spec import requirements
from spec.requirements import Side

Cell = dict[str, Any]
"""``verdict``, ``why``, and for what is not green ``seen``, a part of the reported reason. Where a
race decides what a server does, ``verdict`` or ``seen`` is a list of all that it deserves."""
GREEN = ("verified", "out of scope")


def read(file: Path) -> tuple[str, dict[str, Cell]]:
    """Return the target of a table and its cells."""
    document = tomllib.loads(file.read_text("utf-8"))
    cells = {name: cell for name, cell in document.items() if name.startswith("RF-")}
    return document["target"], cells


def agree(target: str, cells: dict[str, Cell], folder: Path, *options: str) -> None:
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
        timeout=900,
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


def agrees(said: dict[str, Any], cell: Cell) -> bool:
    """Whether a report says what the cell does."""
    reason = said["reason"] or ""
    seen = any(part in reason for part in several(cell.get("seen", "")))
    is_green = said["verdict"] in GREEN
    return said["verdict"] in several(cell["verdict"]) and (is_green or seen)


def several(value: str | list[str]) -> list[str]:
    """Return what a cell allows, as a list."""
    return [value] if isinstance(value, str) else value


def says_why(cell: Cell) -> bool:
    """Whether it has its reason in a sentence, and what is to be seen unless it is green."""
    is_green = all(verdict in GREEN for verdict in several(cell["verdict"]))
    return cell["why"].endswith(".") and bool(cell.get("seen")) != is_green


def observations_tried(side: Side) -> set[str]:
    """Return every observation of a side that has a scenario."""
    covered = {o for scenario in mapping.scenarios() for o in scenario.covers}
    sides = {o.id: o.side for r in requirements.load() for o in r.observations}
    return {o for o in covered if sides[o] is side}
