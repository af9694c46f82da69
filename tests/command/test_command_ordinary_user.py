"""Everything is there for an ordinary user, too: one who has no rights over the machine."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from command_report import read_report

Verify = Callable[..., subprocess.CompletedProcess[str]]
HARD_CODED = Path(__file__).parent.parent / "samples" / "vpn" / "alvo.toml"
DEAD_LINE = "breaking/a-line-that-is-dead-for-a-while-loses-nothing[upstream]@direct"


def test_a_hard_coded_server_is_verified_over_lines_that_go_dead(
    powerless_verify: Verify, tmp_path: Path
) -> None:
    done = powerless_verify("run", str(HARD_CODED), "--only", "RF-002.1")
    assert done.returncode == 0, done.stdout + done.stderr
    report = read_report(tmp_path)
    observation = report["requirements"]["RF-002"]["observations"]["RF-002.1"]
    assert DEAD_LINE in observation["scenarios"]
    assert observation["verdict"] == "verified"
