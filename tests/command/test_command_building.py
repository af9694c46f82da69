"""`[launch] build` as a user meets it: built once, and clear words when that fails."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from command_report import read_report

Verify = Callable[..., subprocess.CompletedProcess[str]]
Target = Callable[..., str]
COMMAND = [sys.executable, "-P", "-m", "harness", "run"]
COPIED = 'build = "cp molde.py servidor.py"'
FAILS = "build = \"python3 -c 'raise SystemExit(chr(111) + chr(111) + chr(112) + chr(115))'\""
MARK = f"build-of-{os.getpid()}"
ENDLESS = f"build = \"python3 -c 'import time; time.sleep(600)' {MARK}\""
PATIENCE_S = 60.0
NAIVE = Path(__file__).parents[2] / "harness/targets/shipped/naive-server/servidor.py"


def is_under_way() -> bool:
    """Whether a process runs the endless build."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if MARK in process.cmdline():
                return True
    return False


def wait_for(condition: Callable[[], bool]) -> bool:
    """Look again and again; a test that waits to the end has failed."""
    end = time.monotonic() + PATIENCE_S
    while not (holds := condition()) and time.monotonic() < end:
        os.sched_yield()
    return holds


@pytest.mark.deep
def test_what_was_built_is_verified(chat_verify: Verify, target: Target, tmp_path: Path) -> None:
    file = target("raise SystemExit('nobody built me')", COPIED)
    (Path(file).parent / "molde.py").write_text(NAIVE.read_text("utf-8"), "utf-8")
    done = chat_verify("run", file, "--only", "RF-011.1")
    assert done.returncode == 0, done.stdout
    assert read_report(tmp_path)["requirements"]["RF-011"]["verdict"] == "verified"


def test_a_build_that_fails_ends_the_run_with_its_words(
    chat_verify: Verify, target: Target, tmp_path: Path
) -> None:
    done = chat_verify("run", target("", FAILS), "--only", "RF-002")
    assert done.returncode == 3
    why = read_report(tmp_path)["interrupted"]
    assert why.startswith("launch.build (python3 -c")
    assert why.endswith(r"failed with status 1; it printed: oops\n")
    assert why in done.stdout


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.deep)]
)
def test_nothing_is_left_of_a_build_that_was_under_way(
    number: signal.Signals, target: Target, tmp_path: Path
) -> None:
    command = [*COMMAND, target("", ENDLESS), "--only", "RF-002"]
    started = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        assert wait_for(is_under_way)
        started.send_signal(number)
        shown, _ = started.communicate(timeout=PATIENCE_S)
    finally:
        started.kill()
        started.wait()
    assert wait_for(lambda: not is_under_way())
    if number is signal.SIGINT:
        assert started.returncode == 3
        assert "interrupted by SIGINT" in shown
