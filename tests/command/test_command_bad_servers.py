"""Servers that misbehave from the start are ordinary results with a reason, in bounded time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from command_report import read_report

Verify = Callable[..., subprocess.CompletedProcess[str]]
Target = Callable[..., str]

LISTEN = """
import os, socket, sys, time
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
"""
MUTE = "import time; time.sleep(600)"
MOST_BYTES = 400 << 20
PATIENCE = ("0.5", "5")
INCONCLUSIVE = 3


def failed(chat_verify: Verify, file: str, tmp_path: Path, only: str = "RF-002.1") -> str:
    """Run, expect a failure with a reason and exit code 1; return the reason.

    A machine so busy that nothing could be said is asked again, with more patience.
    """
    for scale in PATIENCE:
        done = chat_verify("run", file, "--only", only, "--jobs", "1", "--time-scale", scale)
        if done.returncode != INCONCLUSIVE:
            break
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 1, done.stdout + done.stderr
    report = read_report(tmp_path)
    requirement = report["requirements"][only.partition(".")[0]]
    assert requirement["verdict"] == "failed"
    return str(requirement["reason"])


@pytest.mark.deep
def test_a_server_that_never_listens_is_waited_for_once(
    chat_verify: Verify, target: Target, tmp_path: Path
) -> None:
    reason = failed(chat_verify, target(MUTE, "ready_s = 10.0"), tmp_path, "RF-008")
    assert "did not listen on any TCP port within" in reason
    report = read_report(tmp_path)
    reasons = [scenario["reason"] for scenario in report["scenarios"].values()]
    assert len([r for r in reasons if "so it was not started again" in r]) == len(reasons) - 1 > 5


def test_a_server_that_ends_at_once(chat_verify: Verify, target: Target, tmp_path: Path) -> None:
    reason = failed(chat_verify, target("import sys; sys.exit('sem porta')"), tmp_path)
    assert "ended with status 1 before it listened" in reason
    assert "sem porta" in reason


def test_a_file_that_cannot_be_written_is_no_breakdown_of_the_harness(
    chat_verify: Verify, target: Target, tmp_path: Path
) -> None:
    file = target("", 'files = {"servidor.py/porta.txt" = "8080"}')
    done = chat_verify("run", file, "--only", "RF-002.1", "--jobs", "1")
    assert done.returncode == INCONCLUSIVE, done.stdout + done.stderr
    reason = read_report(tmp_path)["requirements"]["RF-002"]["reason"]
    assert "nothing was started: " in reason
    assert "launch.files: 'servidor.py/porta.txt' cannot be written: " in reason


@pytest.mark.deep
def test_a_server_that_closes_every_connection_at_once(
    chat_verify: Verify, target: Target, tmp_path: Path
) -> None:
    program = LISTEN + "while True: listener.accept()[0].close()"
    assert failed(chat_verify, target(program), tmp_path)


@pytest.mark.deep
def test_a_server_that_accepts_nobody(chat_verify: Verify, target: Target, tmp_path: Path) -> None:
    reason = failed(chat_verify, target(LISTEN + "time.sleep(600)"), tmp_path)
    assert re.search(r"silent for \d+(\.\d)? s", reason)


@pytest.mark.deep
def test_a_server_that_floods_its_screen(
    chat_verify: Verify, target: Target, tmp_path: Path
) -> None:
    program = LISTEN + "while True: print('lixo ' * 1000)"
    assert failed(chat_verify, target(program), tmp_path)
    histories = (tmp_path / "report" / "histories").glob("*.jsonl")
    assert sum(file.stat().st_size for file in histories) < 10 << 20


def environment(process: psutil.Process) -> str:
    """Return the environment of a process, as far as we may know it."""
    try:
        return repr(process.environ())
    except psutil.Error:
        return ""


@pytest.mark.deep
def test_what_a_server_forked_away_is_ended_too(
    chat_verify: Verify, target: Target, tmp_path: Path
) -> None:
    program = f"import os, sys\nif os.fork(): sys.exit(0)\nos.setsid()\n{LISTEN}time.sleep(600)"
    mark = uuid.uuid4().hex
    launch = f'ready_s = 300.0\nenv = {{MARK = "{mark}"}}'
    assert "silent for" in failed(chat_verify, target(program, launch), tmp_path)
    assert not [process.pid for process in psutil.process_iter() if mark in environment(process)]


@pytest.mark.deep
def test_a_server_that_floods_its_clients_costs_the_harness_bounded_memory(
    target: Target, tmp_path: Path
) -> None:
    program = LISTEN + (
        "import threading\n"
        "def flood(c):\n"
        "    while True: c.sendall(b'lixo\\n' * 100_000)\n"
        "while True: threading.Thread(target=flood, args=listener.accept()[:1]).start()\n"
    )
    command = [sys.executable, "-P", "-m", "harness", "run", target(program), "--jobs", "1"]
    most = 0
    for scale in PATIENCE:
        with subprocess.Popen(
            [*command, "--only", "RF-002.1", "--time-scale", scale],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as verify:
            while verify.poll() is None:
                most = max(most, memory_of_the_harness(verify.pid))
        if verify.returncode != INCONCLUSIVE:
            break
    assert verify.returncode == 1
    assert most < MOST_BYTES
    report = read_report(tmp_path)
    assert "flood" in {finding["kind"] for finding in report["findings"]}


def memory_of_the_harness(pid: int) -> int:
    """Return the resident bytes of the parent and of what it started, but not of the target."""
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        ours = [p for p in family if "servidor.py" not in p.cmdline()]
        return sum(p.memory_info().rss for p in ours)
    except psutil.NoSuchProcess:
        return 0


@pytest.mark.deep  # for a moment nobody else gets anything done
def test_a_server_that_forks_without_end_is_an_ordinary_result(
    chat_verify: Verify, target: Target, tmp_path: Path
) -> None:
    program = LISTEN + "kept = listener.accept()\nwhile True: os.fork()\n"
    reason = failed(chat_verify, target(program), tmp_path)
    assert re.search(r"the server was killed because it (had more|used more) than", reason)


@pytest.mark.deep
def test_a_server_that_fills_the_disk_is_an_ordinary_result(
    chat_verify: Verify, target: Target, tmp_path: Path
) -> None:
    program = LISTEN + "file = open('x', 'wb')\nwhile True: file.write(bytes(1 << 20))\n"
    reason = failed(chat_verify, target(program), tmp_path)
    assert "OSError: [Errno 28] No space left on device" in reason


@pytest.mark.deep
def test_a_run_without_a_sandbox_says_so(
    chat_verify: Verify, target: Target, tmp_path: Path
) -> None:
    path = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if not has_bwrap(p))
    done = chat_verify("run", target(MUTE, "ready_s = 0.1"), "--only", "RF-002.1", PATH=path)
    assert "Without a sandbox, with all rights of the user: bubblewrap is not" in done.stdout
    report = read_report(tmp_path)
    assert report["unprotected"].startswith("bubblewrap is not installed; type: apt-get install")


def has_bwrap(folder: str) -> bool:
    return (Path(folder) / "bwrap").exists()
