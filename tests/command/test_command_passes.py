"""Three passes, one report: what runs at once, what must be alone, and what was spoilt."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from command_report import read_report

from harness.guarded import MEASURING

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
told = {signal.SIGUSR1, signal.SIGUSR2}
signal.pthread_sigmask(signal.SIG_BLOCK, told)
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
person, _ = listener.accept()
with open("/proc/self/comm", "w") as name: name.write("accepted")
if signal.sigwait(told) == signal.SIGUSR2: sys.exit()
person.close()
staying, _ = listener.accept()
staying.sendall(staying.recv(100).strip() + b" entrou\\n")
signal.pause()
"""
"""Told by SIGUSR1 it hangs up on the first who came; told by SIGUSR2 it ends, whoever is late."""
LATE_S = 1.2
"""Everything is expected within five seconds, and more than a tenth of them is too late."""


def scenarios(folder: Path) -> dict[str, Any]:
    """Return what the report says of each scenario."""
    found: dict[str, Any] = read_report(folder)["scenarios"]
    return found


@pytest.mark.parametrize("together", ["RF-011.1", "RF-011.1,RF-001.1,RF-001.2"])
def test_a_failure_of_the_first_pass_stops_before_the_second(
    together: str, chat_verify: Verify, target: Callable[[str], str], tmp_path: Path
) -> None:
    only = f"RF-012.1,{together}"
    chat_verify("run", target(BROKEN), "--only", only, "--fail-fast", "--jobs", "2")
    assert scenarios(tmp_path)[TIMING]["verdict"] == "not run"
    assert json.dumps(scenarios(tmp_path)).count('"failed"') > 0
    interrupted = read_report(tmp_path)["interrupted"]
    assert interrupted == "stopped at the first failure, as --fail-fast asks"


def test_what_our_own_delay_has_spoilt_is_performed_once_more(
    target: Callable[[str], str], tmp_path: Path
) -> None:
    with verifying(tmp_path, target(HANGS_UP_WHEN_TOLD), "--fail-fast") as run:
        servers = accepting(run)
        hold_up(next(servers))
        next(servers).send_signal(signal.SIGUSR2)
        output, _ = run.communicate()
    assert run.returncode == 1, output
    said = scenarios(tmp_path)[JOINING]
    assert said["verdict"] == "failed"
    assert re.search("ended|refused", said["reason"])
    assert "late" not in said["reason"]
    (why,) = [line for line in said["evidence"] if line.startswith("performed again, alone")]
    assert " s late (first histories/" in why
    assert said["history"].endswith(".again.jsonl")


def test_what_is_spoilt_twice_is_inconclusive_and_not_performed_a_third_time(
    target: Callable[[str], str], tmp_path: Path
) -> None:
    with verifying(tmp_path, target(HANGS_UP_WHEN_TOLD)) as run:
        for server in accepting(run):
            hold_up(server)
        output, _ = run.communicate()
    assert run.returncode == 3, output
    assert scenarios(tmp_path)[JOINING]["verdict"] == "inconclusive"
    assert " s late" in scenarios(tmp_path)[JOINING]["reason"]
    assert len(list((tmp_path / "report" / "histories").iterdir())) == 2


@contextmanager
def verifying(folder: Path, target: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Verify one observation, which one scenario of the first pass covers."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "harness", "run", target, "--only", "RF-001.1", *options],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in MEASURING},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as run:
        try:
            yield run
        finally:
            run.terminate()


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
