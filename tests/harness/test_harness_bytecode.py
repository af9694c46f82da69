"""What we bring is kept compiled, where it can be kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from harness.targets import bytecode


def test_a_script_is_run_as_it_was_compiled_last(tmp_path: Path) -> None:
    script = tmp_path / "oi.py"
    for word in ("oi", "tchau"):
        script.write_text(f"print({word!r})")
        kept = bytecode.compiled(script)
        assert kept.suffix == ".pyc"
        assert subprocess.check_output([sys.executable, kept], text=True) == f"{word}\n"


def test_a_script_that_cannot_be_kept_compiled_is_run_itself(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").write_text("no folder")
    script = tmp_path / "oi.py"
    script.write_text("print('oi')")
    assert bytecode.compiled(script) == script


def test_the_reference_is_kept_compiled() -> None:
    bytecode.compile_reference.cache_clear()
    bytecode.compile_reference()
    compiled = {path.name.partition(".")[0] for path in bytecode.REFERENCE.rglob("*.pyc")}
    assert {path.stem for path in bytecode.REFERENCE.glob("*.py")} <= compiled
