"""A started program: seen as at a terminal, ended with everything that it started."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harness_stage import Stage, is_alive, program

from harness.deadline import Deadline
from harness.targets import process as processes
from harness.targets.ground import Outside
from harness.targets.instructions import clean_environment
from harness.targets.process import CannotStart, Process

Start = Callable[..., Process]


@pytest.fixture
def start(stage: Stage, tmp_path: Path) -> Iterator[Start]:
    """Start Python programs; all are ended."""
    started: list[Process] = []

    def run(source: str, stdin: str = "") -> Process:
        path = program(tmp_path, f"alvo{len(started)}.py", source)
        command = [sys.executable, str(path)]
        env = clean_environment(tmp_path)
        started.append(
            Process(command, tmp_path, env, stdin, Outside(), stage.reactor, stage.history)
        )
        return started[-1]

    yield run
    for process in started:
        process.end(Deadline.after(0))


def shown(stage: Stage, process: Process, text: str) -> None:
    stage.pump(lambda: text in process.output_since(0))


WAIT = "\nimport signal\nsignal.pause()\n"
DAEMON = """
import os, signal, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        signal.pause()
    os._exit(0)
os.wait()
"""


def test_what_is_printed_is_seen_at_once_without_a_flush(stage: Stage, start: Start) -> None:
    process = start(f"print('olá'){WAIT}")
    shown(stage, process, "olá\n")


def test_errors_and_output_are_one_screen(stage: Stage, start: Start) -> None:
    process = start(f"import sys\nprint('um')\nprint('dois', file=sys.stderr){WAIT}")
    shown(stage, process, "um\ndois\n")


def test_the_screen_is_read_without_colours(stage: Stage, start: Start) -> None:
    process = start(f"print('\\x1b[1;31mverm\\x1b[0melho'){WAIT}")
    shown(stage, process, "vermelho\n")


def test_the_screen_since_a_mark_is_what_came_later(stage: Stage, start: Start) -> None:
    process = start(f"print('um')\ninput()\nprint('dois'){WAIT}", stdin="\n")
    shown(stage, process, "dois\n")
    assert process.output_since(3) == "dois\n"
    assert process.output_since(process.output_bytes) == ""


def test_its_input_is_fed_and_stays_open(stage: Stage, start: Start) -> None:
    process = start("print(input())\nprint(input())", stdin="um\n")
    shown(stage, process, "um\n")
    stage.reactor.pump(lambda: False, Deadline.after(0.1))
    assert process.status is None


@pytest.mark.parametrize(
    ("source", "status"),
    [("", 0), ("raise SystemExit(3)", 3), ("import os\nos.kill(os.getpid(), 9)", -9)],
)
def test_its_status_is_known_when_it_has_ended(
    stage: Stage, start: Start, source: str, status: int
) -> None:
    process = start(source)
    stage.pump(lambda: process.status is not None)
    assert process.status == status
    process.end(Deadline.after(0))
    assert f"ended with status {status}" in stage.said()


def test_asked_to_end_it_ends_in_order(stage: Stage, start: Start) -> None:
    source = """
    import os, signal
    def leave(*_):
        os.write(1, b"tchau")
        os._exit(7)
    signal.signal(signal.SIGTERM, leave)
    print("pronto")
    signal.pause()
    """
    process = start(source)
    shown(stage, process, "pronto")
    process.end(Deadline.after(10))
    assert process.status == 7
    assert "tchau" in process.output_since(0)


FILL = """
import os
os.set_blocking(1, False)
count = 0
try:
    while True:
        count += os.write(1, b"x" * 1000)
except BlockingIOError:
    open("count", "w").write(str(count))
"""


def test_its_last_words_are_read_whole(start: Start, tmp_path: Path) -> None:
    process = start(FILL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    process.end(Deadline.after(0))
    assert process.output_bytes == int((tmp_path / "count").read_text()) > 4096


def test_one_that_ignores_the_request_is_killed(stage: Stage, start: Start) -> None:
    process = start(f"import signal\nsignal.signal(15, signal.SIG_IGN)\nprint('pronto'){WAIT}")
    shown(stage, process, "pronto")
    process.end(Deadline.after(0.1))
    assert process.status == -9


def test_it_is_given_time_until_what_was_asked_for_has_happened(stage: Stage, start: Start) -> None:
    process, looks = start(f"print('pronto'){WAIT}"), iter([False, False, True])
    shown(stage, process, "pronto")
    process.end(Deadline.after(5), lambda: next(looks, True))
    assert next(looks, None) is None


@pytest.mark.parametrize("source", [DAEMON, DAEMON + WAIT], ids=["alone", "with its parent"])
def test_a_daemon_that_it_left_behind_is_found_and_ended(
    stage: Stage, start: Start, source: str
) -> None:
    process = start(source)
    shown(stage, process, "\n")
    pid = int(process.output_since(0))
    stage.pump(lambda: pid in [child.pid for child in process.tree()])
    process.end(Deadline.after(0.1))
    assert not is_alive(pid)
    assert process.tree() == []


def test_a_signal_goes_to_all_of_it(stage: Stage, start: Start) -> None:
    process = start("import os, signal\nos.fork()\nprint('pronto')" + WAIT)
    shown(stage, process, "pronto\npronto\n")
    process.send_signal(signal.SIGKILL)
    stage.pump(lambda: not process.tree())
    assert process.status == -9


def test_what_is_kept_of_its_output_is_bounded(stage: Stage, start: Start) -> None:
    process = start(f"print('a' * 1_000_000)\nprint('fim'){WAIT}")
    stage.pump(lambda: process.output_bytes == 1_000_005)
    assert process.output_since(0).endswith("afim\n".replace("a", "a\n", 1))
    assert len(process.output_since(0)) == processes.KEPT_BYTES
    assert len(stage.said()) < 2 * processes.KEPT_BYTES


def test_a_program_that_takes_no_input_is_recorded(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_descriptor: int, _data: bytes) -> int:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(os, "write", broken)
    env = clean_environment(tmp_path)
    process = Process(["/bin/true"], tmp_path, env, "oi", Outside(), stage.reactor, stage.history)
    monkeypatch.undo()
    process.end(Deadline.after(5))
    assert "took no input: Broken pipe" in stage.said()


@pytest.mark.parametrize(
    ("command", "why"),
    [("/nada/servidor", "No such file or directory"), ("{dir}/alvo", "Permission denied")],
)
def test_a_command_that_cannot_be_executed_says_why_and_leaves_nothing_open(
    stage: Stage, tmp_path: Path, command: str, why: str
) -> None:
    (tmp_path / "alvo").touch()
    before = sorted(os.listdir("/proc/self/fd"))
    words = [command.format(dir=tmp_path)]
    with pytest.raises(CannotStart, match=why):
        Process(words, tmp_path, {}, "", Outside(), stage.reactor, stage.history)
    assert sorted(os.listdir("/proc/self/fd")) == before
