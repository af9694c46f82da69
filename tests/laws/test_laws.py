"""The laws of ARCHITECTURE.md that import contracts cannot say."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STANDARD = sys.stdlib_module_names | {"chat", "spec"}
MAY_OPEN_SOCKETS = {
    "server",
    "listener",
    "doorstep",
    "spare",
    "peer",
    "connection",
    "keepalive",
    "prober",
}
MAY_USE_TKINTER = {"window", "rows", "looks"}
MAY_OPEN_THE_LOG = {"logfile", "checkpoints", "logreader", "logrows"}


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> Iterator[str]:
    """Yield the top-level names of the modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def calls(path: Path) -> Iterator[str]:
    """Yield the source of what a file calls."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def importers(module: str) -> set[str]:
    """Return which files of the reference import a module."""
    return {path.stem for path in files("chat") if module in set(imported(path))}


def test_chat_and_spec_import_the_standard_library_only() -> None:
    assert {name for path in files("chat", "spec") for name in imported(path)} <= STANDARD


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("socket", MAY_OPEN_SOCKETS),
        ("tkinter", MAY_USE_TKINTER),
        ("sqlite3", MAY_OPEN_THE_LOG),
    ],
)
def test_a_part_of_the_outside_is_reached_where_the_law_says(
    module: str, allowed: set[str]
) -> None:
    assert importers(module) == allowed


MOST_LINES = 400
MAY_SLEEP = {"harness/load/speaker.py"}
"""It speaks at set moments, whatever comes back: there the time is the measurement."""


def test_nobody_sleeps_to_let_things_settle() -> None:
    sleepers = {
        named(path)
        for path in files("harness", "tests")
        if path.parent.name != "mutants" and "sleep(" in path.read_text("utf-8")
        if {"time.sleep", "sleep"} & set(calls(path))
    }
    assert sleepers == MAY_SLEEP


def test_no_file_has_outgrown_one_duty() -> None:
    sizes = {
        named(path): len(path.read_text("utf-8").splitlines())
        for path in files("chat", "spec", "harness")
    }
    assert {name: size for name, size in sizes.items() if size > MOST_LINES} == {}
