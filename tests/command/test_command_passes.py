"""What must be alone runs in a second pass, after all the rest, and belongs to the same report."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

Verify = Callable[..., subprocess.CompletedProcess[str]]
TIMING = "timing/messages-arrive-in-real-time@direct"
BROKEN = """
import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True: listener.accept()[0].close()
"""


def scenarios(folder: Path) -> dict[str, Any]:
    """Return what the report says of each scenario."""
    report = json.loads((folder / "report" / "report.json").read_text("utf-8"))
    found: dict[str, Any] = report["scenarios"]
    return found


def test_both_passes_are_in_one_report(measured_verify: Verify, tmp_path: Path) -> None:
    done = measured_verify("run", "reference-server", "--only", "RF-012.1,RF-011")
    assert done.returncode == 0, done.stdout
    assert {key.partition("/")[0] for key in scenarios(tmp_path)} == {"speaking", "timing"}
    assert set(scenarios(tmp_path)[TIMING]["figures"]["latency_ms"]) == {"p50", "p99"}


def test_a_failure_of_the_first_pass_stops_before_the_second(
    chat_verify: Verify, target: Callable[[str], str], tmp_path: Path
) -> None:
    chat_verify("run", target(BROKEN), "--only", "RF-012.1,RF-011.1", "--fail-fast")
    assert scenarios(tmp_path)[TIMING]["verdict"] == "not run"
    assert json.dumps(scenarios(tmp_path)).count('"failed"') > 0
