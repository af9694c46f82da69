"""The laws of the package: it reads its own files and does nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import spec

MODULES = sorted(Path(spec.__file__).parent.glob("*.py"))
ALLOWED = {
    "__future__",
    "collections",
    "dataclasses",
    "difflib",
    "enum",
    "pathlib",
    "re",
    "spec",
    "tomllib",
    "types",
    "typing",
    "unicodedata",
}


def imported(module: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_the_specification_imports_nothing_that_acts(module: Path) -> None:
    assert imported(module) <= ALLOWED


def test_the_package_tells_type_checkers_that_it_is_typed() -> None:
    assert Path(spec.__file__).with_name("py.typed").exists()
