"""What must be alone runs in a second pass, after all the rest, and belongs to the same report."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from command_report import read_report

Verify = Callable[..., subprocess.CompletedProcess[str]]
TIMING = "timing/messages-arrive-in-real-time@direct"
BROKEN = """
import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True: listener.accept()[0].close()
"""


def scenarios(folder: Path) -> dict[str, Any]:
    """Return what the report says of each scenario."""
    found: dict[str, Any] = read_report(folder)["scenarios"]
    return found


def test_a_failure_of_the_first_pass_stops_before_the_second(
    chat_verify: Verify, target: Callable[[str], str], tmp_path: Path
) -> None:
    chat_verify("run", target(BROKEN), "--only", "RF-012.1,RF-011.1", "--fail-fast")
    assert scenarios(tmp_path)[TIMING]["verdict"] == "not run"
    assert json.dumps(scenarios(tmp_path)).count('"failed"') > 0
