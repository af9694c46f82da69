"""However a run ends, nothing it started is left, and the report on disk is true."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

SEED = 20_260_101
RUN_S = 5.0
GONE_WITHIN_S = 2.0
ONLY = {
    "reference-server": "RF-005,RF-008,RF-012.1,RF-018.1",
    "reference-client": "RF-001.5,RF-004,RF-008.6,RF-010.1,RF-023.1,RF-025.1",
}


def moments(count: int, seed: int) -> list[float]:
    """Return seeded moments of a run, in seconds after its start."""
    rng = random.Random(seed)
    return [round(rng.uniform(0.05, RUN_S), 3) for _ in range(count)]


@pytest.mark.parametrize("moment", [0.2, 1.0, 2.5])
def test_nothing_is_left_after_sigkill(moment: float, tmp_path: Path) -> None:
    end_a_run(signal.SIGKILL, tmp_path, after_s=moment)


@pytest.mark.deep
@pytest.mark.parametrize("target", ONLY)
@pytest.mark.parametrize("moment", moments(20, SEED))
def test_nothing_is_left_after_sigkill_at_any_moment(
    moment: float, target: str, tmp_path: Path
) -> None:
    end_a_run(signal.SIGKILL, tmp_path, after_s=moment, target=target)


@pytest.mark.deep
@pytest.mark.parametrize("moment", moments(20, SEED + 1))
def test_nothing_is_left_after_ctrl_c_at_any_moment(moment: float, tmp_path: Path) -> None:
    end_a_run(signal.SIGINT, tmp_path, after_s=moment)


def test_ctrl_c_ends_everything_and_still_reports(tmp_path: Path) -> None:
    output = end_a_run(signal.SIGINT, tmp_path, after_s=1.0, counted_from_the_first_report=True)
    assert "interrupted by SIGINT" in output
    assert "Report:" in output
    assert {"index.html", "junit.xml", "report.md"} <= set(os.listdir(tmp_path / "report"))


def end_a_run(
    sig: signal.Signals,
    folder: Path,
    after_s: float,
    target: str = "reference-server",
    *,
    counted_from_the_first_report: bool = False,
) -> str:
    """Start a run, end it by a signal, check what is left of it; return its output."""
    arguments = ["run", target, "--only", ONLY[target], "--seed", "7"]
    (folder / "tmp").mkdir()
    report = folder / "report" / "report.json"
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "harness", *arguments],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder / "tmp")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as verify:
        while counted_from_the_first_report and not report.exists():
            run_on(verify, 0.05)
        run_on(verify, after_s)
        verify.send_signal(sig)
        output, _ = verify.communicate(timeout=30)
        check_nothing_is_left(folder, verify.pid)
    if report.exists():
        check_report(json.loads(report.read_text("utf-8")))
    return output


def run_on(verify: subprocess.Popen[str], seconds: float) -> None:
    """Let a run go on for some time, or to its end."""
    with suppress(subprocess.TimeoutExpired):
        verify.wait(seconds)


def check_nothing_is_left(folder: Path, pid: int) -> None:
    """Check that no process of a run outlives it for long, nor its temporary files.

    Killed before its guard is there, chat-verify may leave an almost empty folder: nobody is left
    to remove it. Once a scenario has been over, the guard is.
    """
    end = time.monotonic() + GONE_WITHIN_S
    while (left := related(folder, pid)) and time.monotonic() < end:
        psutil.wait_procs(left, timeout=0.1)
    assert not left
    if (folder / "report" / "histories").exists():
        assert not list((folder / "tmp").iterdir())


def related(folder: Path, pid: int) -> list[psutil.Process]:
    """Return the processes whose environment or folder shows that a run started them."""

    def is_of_the_run(process: psutil.Process) -> bool:
        try:
            known = [*process.environ().values(), process.cwd()]
        except psutil.Error:
            return False
        return any(str(folder / "tmp") in value for value in known)

    return [p for p in psutil.process_iter() if p.pid != pid and is_of_the_run(p)]


def check_report(report: dict[str, Any]) -> None:
    """Check that what is on disk says no more than what was seen."""
    observations = {
        name: seen
        for requirement in report["requirements"].values()
        for name, seen in requirement["observations"].items()
    }
    in_scope = {n: o for n, o in observations.items() if o["verdict"] != "out of scope"}
    assert in_scope
    for observation in in_scope.values():
        over = [report["scenarios"][key] for key in observation["scenarios"]]
        if not over or any(scenario["verdict"] == "not run" for scenario in over):
            assert observation["verdict"] != "verified"
