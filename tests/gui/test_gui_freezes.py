"""How long real windows answer nothing, and which line of theirs is to blame."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from gui_stage import Stage, soon

from harness.deadline import Deadline
from harness.gui.freezes import PAUSE_S, Freezes
from harness.gui.stacks import Frame, Stacks, Thread, stacks_of
from harness.targets.health import waited_for_a_core_s

Start = Callable[..., subprocess.Popen[str]]
BUTTON = """
    import time
    def dormir(evento=None):
        time.sleep({seconds})
    root.bind('<Return>', dormir)
    root.focus_force()
"""
SLEEPS_S = 0.6


def watched(stage: Stage, process: subprocess.Popen[str], told: list[str]) -> Freezes:
    pids = (process.pid, stage.server.pid)
    return Freezes(
        stage.window,
        stage.reactor,
        lambda: waited_for_a_core_s(pids),
        0.1,
        lambda: process.poll() is None,
        lambda: told.append("frozen"),
    )


def turn(stage: Stage, seconds: float) -> None:
    stage.reactor.pump(lambda: False, Deadline.after(seconds))


def test_a_freeze_lasts_as_long_as_the_window_sleeps(stage: Stage, program: Start) -> None:
    process = program(BUTTON.format(seconds=SLEEPS_S))
    stage.sees(lambda tree: bool(tree.focus))
    told: list[str] = []
    freezes = watched(stage, process, told)
    freezes.begin(soon())
    stage.window.enter()
    turn(stage, PAUSE_S * 4)
    freezes.end(soon())
    assert SLEEPS_S - 5 * PAUSE_S < freezes.longest_s < SLEEPS_S * 2
    assert told == ["frozen"]


def test_a_window_at_rest_does_not_freeze(stage: Stage, program: Start) -> None:
    process = program(BUTTON.format(seconds=0))
    stage.sees(lambda tree: True)
    freezes = watched(stage, process, [])
    freezes.begin(soon())
    turn(stage, PAUSE_S * 10)
    freezes.end(soon())
    assert freezes.longest_s < SLEEPS_S / 2
    assert freezes.probes > 1


def test_a_program_that_ends_has_not_frozen(stage: Stage, program: Start) -> None:
    process = program(BUTTON.format(seconds=0))
    stage.sees(lambda tree: True)
    freezes = watched(stage, process, [])
    process.kill()
    process.wait()
    freezes.begin(soon())
    turn(stage, SLEEPS_S)
    freezes.end(soon())
    assert freezes.longest_s < SLEEPS_S / 2


def test_the_line_that_blocks_is_named(stage: Stage, program: Start) -> None:
    process = program(BUTTON.format(seconds=20))
    stage.sees(lambda tree: bool(tree.focus))
    stage.window.enter()
    blocked = stage.reactor.pump(lambda: is_in(process, "dormir"), soon())
    assert blocked


def is_in(process: subprocess.Popen[str], function: str) -> bool:
    stacks = stacks_of(process.pid)
    line = stacks.blocking_line() if stacks else None
    return line is not None and line.name == function


def test_a_thread_that_touches_tk_is_named() -> None:
    tk = Frame("insert", "/usr/lib/python3.11/tkinter/__init__.py", 3200)
    own = Frame("receber", "/home/aluno/cliente.py", 57)
    main = Thread("MainThread", (Frame("mainloop", "/usr/lib/python3.11/tkinter/__init__.py", 1),))
    receiver = Thread("Thread-1", (tk, own, Frame("run", "/usr/lib/python3.11/threading.py", 9)))
    touch = Stacks((main, receiver)).foreign_touch()
    assert str(touch) == "cliente.py:57 in receber"
    assert Stacks((main,)).foreign_touch() is None


@pytest.mark.parametrize("pid", [0, 1 << 22])
def test_what_cannot_be_looked_into_has_no_stacks(pid: int) -> None:
    assert stacks_of(pid) is None
