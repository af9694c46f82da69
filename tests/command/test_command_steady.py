"""Verdicts do not depend on luck: all runs agree, also while the cores are kept busy."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command_report import read_report

Verify = Callable[..., subprocess.CompletedProcess[str]]
RUNS, CLIENT_RUNS = 10, 50

pytestmark = pytest.mark.deep


@contextmanager
def busy_cores() -> Iterator[None]:
    """Keep every core busy with something else."""
    burners = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(os.cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def all_verified(done: subprocess.CompletedProcess[str], folder: Path) -> None:
    """Check that a run has verified every observation in scope, with a proof."""
    assert done.returncode == 0, done.stdout
    report = read_report(folder)
    observations = [o for r in report["requirements"].values() for o in r["observations"].values()]
    in_scope = [o for o in observations if o["verdict"] != "out of scope"]
    assert all(o["obligations"] > 0 and o["proven_by"] for o in in_scope)


@pytest.mark.parametrize("number", range(RUNS))
def test_the_reference_server_is_verified_every_time(
    number: int, chat_verify: Verify, tmp_path: Path
) -> None:
    all_verified(chat_verify("run", "reference-server"), tmp_path)


@pytest.mark.parametrize("number", range(RUNS))
def test_the_reference_server_is_verified_every_time_under_load(
    number: int, chat_verify: Verify, tmp_path: Path
) -> None:
    with busy_cores():
        all_verified(chat_verify("run", "reference-server"), tmp_path)


@pytest.mark.parametrize("number", range(CLIENT_RUNS))
def test_the_reference_client_is_verified_every_time_with_four_windows_at_once(
    number: int, chat_verify: Verify, tmp_path: Path
) -> None:
    all_verified(chat_verify("run", "reference-client", "--jobs", "4"), tmp_path)
