"""Three passes, one report: what runs at once, what must be alone, and what was spoilt."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from command_report import read_report

Verify = Callable[..., subprocess.CompletedProcess[str]]
TIMING = "timing/messages-arrive-in-real-time@direct"
JOINING = "joining/everyone-sees-the-newcomer-once-and-before-its-words@direct"
BROKEN = """
import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True: listener.accept()[0].close()
"""
HANGS_UP_WHEN_TOLD = """
import signal, socket, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
person, _ = listener.accept()
with open("/proc/self/comm", "w") as name: name.write("accepted")
signal.sigwait({signal.SIGUSR1})
person.close()
staying, _ = listener.accept()
staying.sendall(staying.recv(100).strip() + b" entrou\\n")
signal.pause()
"""
LATE_S = 1.2
"""Of the five seconds in which everything is expected, more than the tenth that spoils them."""


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


def test_what_our_own_delay_has_spoilt_is_performed_once_more(
    target: Callable[[str], str], tmp_path: Path
) -> None:
    run = verify(tmp_path, target(HANGS_UP_WHEN_TOLD), "--fail-fast")
    servers = accepting(run)
    hold_up(next(servers))
    next(servers).send_signal(signal.SIGUSR1)
    output, _ = run.communicate()
    assert run.returncode == 1, output
    said = scenarios(tmp_path)[JOINING]
    assert said["verdict"] == "failed"
    assert "connection ended" in said["reason"]
    assert "late" not in said["reason"]
    assert said["evidence"][0].startswith("performed again, alone, for a busy machine had spoilt")
    assert " s late (histories/" in said["evidence"][0]
    assert len(list((tmp_path / "report" / "histories").iterdir())) == 2
    assert "failed" in output


def test_what_is_spoilt_twice_is_inconclusive(target: Callable[[str], str], tmp_path: Path) -> None:
    run = verify(tmp_path, target(HANGS_UP_WHEN_TOLD))
    servers = accepting(run)
    hold_up(next(servers))
    hold_up(next(servers))
    output, _ = run.communicate()
    assert run.returncode == 3, output
    assert scenarios(tmp_path)[JOINING]["verdict"] == "inconclusive"
    assert " s late" in scenarios(tmp_path)[JOINING]["reason"]
    assert next(servers, None) is None


def verify(folder: Path, target: str, *options: str) -> subprocess.Popen[str]:
    """Begin to verify one observation, which one scenario of the first pass covers."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "harness", "run", target, "--only", "RF-001.1", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def accepting(run: subprocess.Popen[str]) -> Iterator[psutil.Process]:
    """Yield the server of each performance, once somebody has come to it."""
    seen: set[psutil.Process] = set()
    while run.poll() is None:
        with suppress(psutil.Error):
            for process in psutil.Process(run.pid).children(recursive=True):
                if process not in seen and process.name() == "accepted":
                    seen.add(process)
                    yield process
        with suppress(subprocess.TimeoutExpired):
            run.wait(0.02)


def hold_up(server: psutil.Process) -> None:
    """Let the harness be late while the server hangs up."""
    harness = next(each for each in server.parents() if "--plan" in each.cmdline())
    harness.suspend()
    try:
        server.send_signal(signal.SIGUSR1)
        with suppress(psutil.TimeoutExpired):
            server.wait(LATE_S)  # it waits for its end, which does not come
    finally:
        harness.resume()
