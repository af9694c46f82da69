"""The guard: whatever ends, and however, nothing that was started stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from harness_stage import PATIENCE_S, is_alive, killed_after, program, soon

from harness import lifetimes
from harness.clients.reactor import Reactor

ROOT = Path(__file__).parents[2]
ESCAPE = """
import ctypes, os, signal, sys
for _ in range(int(sys.argv[2])):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        ctypes.CDLL(None).prctl(15, b"inocente", 0, 0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with open(sys.argv[1], "a") as file:
            file.write(f"{os.getpid()}\\n")
        os.closerange(0, 3)
        os.execve(sys.executable, ["inocente", "-c", "import signal; signal.pause()"], {})
    os.wait()
"""
"""Double-forked children in sessions of their own, renamed, with an empty environment."""
PARENT = """
import os, signal, subprocess, sys
guard = [sys.executable, "-P", "-m", "harness.guard", sys.executable, *sys.argv[1:]]
env = {**os.environ, "CHAT_VERIFY_PARENT": str(os.getpid())}
print(subprocess.Popen(guard, env=env).pid, flush=True)
signal.pause()
"""


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Run a Python program under a guard of ours."""
    started: list[subprocess.Popen[bytes]] = []

    def run(source: str, *arguments: str) -> subprocess.Popen[bytes]:
        path = program(tmp_path, "comando.py", source)
        command = [sys.executable, "-P", "-m", "harness.guard", sys.executable, str(path)]
        env = os.environ | {
            "CHAT_VERIFY_PARENT": str(os.getpid()),
            "CHAT_VERIFY_WORKPLACE": str(tmp_path / "trabalho"),
            "PYTHONPATH": str(ROOT),
        }
        started.append(subprocess.Popen([*command, *arguments], env=env))
        return started[-1]

    yield run
    for child in started:
        child.terminate()
        child.wait(PATIENCE_S)


def wait_until(condition: Callable[[], bool]) -> None:
    reactor = Reactor()
    assert reactor.pump(condition, soon())
    reactor.close()


def pids(file: Path, count: int) -> list[int]:
    """Wait until that many processes have written their id."""
    wait_until(lambda: file.exists() and file.read_text().count("\n") == count)
    return [int(line) for line in file.read_text().split()]


@pytest.mark.parametrize("status", [0, 3])
def test_the_guard_returns_the_status_of_its_command(
    guarded: Callable[..., subprocess.Popen[bytes]], status: int
) -> None:
    assert guarded(f"raise SystemExit({status})").wait(PATIENCE_S) == status


def test_when_the_command_ends_its_escaped_children_end(
    guarded: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    guard = guarded(ESCAPE, str(tmp_path / "pids"), "3")
    assert guard.wait(PATIENCE_S) == 0
    assert not any(map(is_alive, pids(tmp_path / "pids", 3)))


def test_asked_to_end_the_guard_ends_everything_first(
    guarded: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    guard = guarded(f"{ESCAPE}\nsignal.pause()", str(tmp_path / "pids"), "2")
    escaped = pids(tmp_path / "pids", 2)
    guard.terminate()
    assert guard.wait(PATIENCE_S) == 1
    assert not any(map(is_alive, escaped))


def test_an_interruption_at_the_keyboard_is_left_to_the_parent(
    guarded: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    guard = guarded(f"{ESCAPE}\nsignal.pause()", str(tmp_path / "pids"), "1")
    pids(tmp_path / "pids", 1)
    status = Path(f"/proc/{guard.pid}/status").read_text()
    masks = dict(line.split(":\t") for line in status.splitlines() if line.startswith("Sig"))
    interruption = 1 << (signal.SIGINT - 1)
    assert int(masks["SigCgt"], 16) & interruption
    assert not int(masks["SigIgn"], 16) & interruption  # what is ignored, children inherit


def test_when_its_parent_is_killed_all_end_and_the_workplace_is_removed(tmp_path: Path) -> None:
    path = program(tmp_path, "comando.py", f"{ESCAPE}\nsignal.pause()")
    workplace = tmp_path / "trabalho"
    (workplace / "spool").mkdir(parents=True)
    env = os.environ | {"CHAT_VERIFY_WORKPLACE": str(workplace), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PARENT, str(path), str(tmp_path / "pids"), "2"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        guard = int(parent.stdout.readline())
        with killed_after(guard):
            escaped = pids(tmp_path / "pids", 2)
            parent.kill()
            parent.wait()
            wait_until(lambda: not any(map(is_alive, [guard, *escaped])))
    assert not workplace.exists()


def test_a_guard_whose_parent_is_gone_already_starts_nothing(tmp_path: Path) -> None:
    workplace = tmp_path / "trabalho"
    workplace.mkdir()
    known = {"CHAT_VERIFY_PARENT": "1", "CHAT_VERIFY_WORKPLACE": str(workplace)}
    env = os.environ | known | {"PYTHONPATH": str(ROOT)}
    touch = ["touch", str(tmp_path / "arquivo")]
    command = [sys.executable, "-P", "-m", "harness.guard", *touch]
    assert subprocess.call(command, env=env) == 1
    assert not (tmp_path / "arquivo").exists()
    assert not workplace.exists()


# -- what the guard is made of --------------------------------------------------------------


def test_descendants_are_found_however_deep() -> None:
    source = "import os, signal\nos.fork()\nos.fork()\nprint(1, flush=True)\nsignal.pause()"
    with psutil.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE) as child:
        for _ in range(4):
            child.stdout.readline()
        family = lifetimes.descendants(child.pid)
        assert len(family) == 3
        lifetimes.kill([child, *family])
    lifetimes.reap(family)
    assert not any(is_alive(process.pid) for process in family)


def test_a_process_that_is_gone_has_no_descendants() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait(PATIENCE_S)
    assert lifetimes.descendants(child.pid) == []


def test_killing_and_reaping_what_is_gone_is_harmless() -> None:
    child = psutil.Popen([sys.executable, "-c", ""])
    child.wait(PATIENCE_S)
    lifetimes.kill([child])
    lifetimes.reap([child])


def test_the_processes_of_a_launch_are_told_by_their_mark() -> None:
    source = "import signal\nprint(1, flush=True)\nsignal.pause()"
    command = [sys.executable, "-c", source]
    env = {**os.environ, lifetimes.MARK: "um"}
    with (
        subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as ours,
        subprocess.Popen(command, stdout=subprocess.PIPE) as other,
    ):
        for child in (ours, other):
            assert child.stdout is not None
            child.stdout.readline()
        assert [process.pid for process in lifetimes.launched("um")] == [ours.pid]
        assert lifetimes.launched("dois") == []
        ours.kill()
        other.kill()


def test_a_process_asks_to_end_with_its_parent() -> None:
    inner = "import signal; from harness.lifetimes import die_with_parent as d; d(9); "
    inner += "print(__import__('os').getpid(), flush=True); signal.pause()"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", outer], env=env, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        with killed_after(child):
            parent.kill()
            wait_until(lambda: not is_alive(child))
