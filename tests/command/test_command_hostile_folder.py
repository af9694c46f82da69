"""What lies in the folder that chat-verify is called from is never executed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

HOSTILE = "import pathlib; pathlib.Path(r'{mark}').write_text(__file__)\nraise SystemExit(9)\n"
NAMES = (
    *("chat.py", "spec.py", "harness.py", "conftest.py", "pytest.py", "sitecustomize.py"),
    *("test_x.py", "socket.py", "harness/__init__.py", "chat/__main__.py"),
)
Verify = Callable[..., subprocess.CompletedProcess[str]]


def test_no_file_of_the_users_folder_is_executed(tmp_path: Path, chat_verify: Verify) -> None:
    run_among(NAMES, tmp_path, chat_verify)


@pytest.mark.deep
@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_the_users_folder_is_not_executed(
    name: str, tmp_path: Path, chat_verify: Verify
) -> None:
    """By itself: in company one hostile file could hide another."""
    run_among((name,), tmp_path, chat_verify)


def run_among(names: tuple[str, ...], folder: Path, chat_verify: Verify) -> None:
    """Verify the reference in a folder with these files; check that none was executed."""
    mark = folder / "executed"
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(HOSTILE.format(mark=mark), encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", "utf-8")
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '-x'\n", "utf-8")
    done = chat_verify("run", "reference-server", "--only", "RF-011.1", PYTEST_ADDOPTS="--nonsense")
    assert not mark.exists(), mark.read_text("utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
