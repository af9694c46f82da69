"""`--profile`: the reference shows the same however its connections are carried."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from command_report import read_report

Verify = Callable[..., subprocess.CompletedProcess[str]]
CARRIED = ("fragmented", "coalesced", "delayed", "throttled")


@pytest.mark.deep
def test_each_scenario_is_run_under_each_profile_and_compared(
    chat_verify: Verify, tmp_path: Path
) -> None:
    done = chat_verify("run", "--only", "RF-011.1", "--profile", "direct,fragmented")
    assert done.returncode == 0, done.stdout
    scenarios = read_report(tmp_path)["scenarios"]
    assert Counter(s["profile"] for s in scenarios.values()) == {"direct": 1, "fragmented": 1}
    obligations = {s["profile"]: s["obligations"] for s in scenarios.values()}
    assert obligations["fragmented"] == obligations["direct"] + 1


@pytest.mark.deep
@pytest.mark.parametrize("profile", CARRIED)
def test_the_whole_reference_shows_the_same_under_every_profile(
    chat_verify: Verify, tmp_path: Path, profile: str
) -> None:
    done = chat_verify("run", "--role", "server", "--profile", f"direct,{profile}")
    assert done.returncode == 0, done.stdout
    scenarios = read_report(tmp_path)["scenarios"].values()
    assert {scenario["profile"] for scenario in scenarios} == {"direct", profile}
