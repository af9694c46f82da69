"""How long real windows answer nothing, and which line of theirs is to blame."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from gui_stage import Stage, soon

from harness.deadline import Deadline
from harness.gui.freezes import NOBODY_WAITED, PAUSE_S, Freezes, Waited
from harness.gui.stacks import Frame, Stacks, Thread, stacks_of
from harness.gui.tksend import Asked
from harness.watching import waited

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
        lambda: waited(pids),
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


TWO_WINDOWS = """
import tkinter as tk
first = tk.Tk(className="um")
first.after(300, first.destroy)
first.mainloop()
tk.Tk(className="dois").mainloop()
"""


def test_a_window_that_gives_way_to_another_is_watched_on(stage: Stage, program: Start) -> None:
    process = program("", sys.executable, "-c", TWO_WINDOWS)
    stage.sees(lambda tree: True)
    freezes = watched(stage, process, [])
    freezes.begin(soon())
    send = stage.window.send
    assert stage.reactor.pump(lambda: "dois" in {a.name for a in send.applications()}, soon())
    before = freezes.probes
    assert stage.reactor.pump(lambda: freezes.probes > before + 3, soon())
    freezes.end(soon())


@dataclass
class OnPaper:
    """A reactor, and a window that answers a script when the test says so."""

    lags: list[tuple[float, float]] = field(default_factory=list)
    turned: float = 0.0
    asked: Asked = field(default_factory=lambda: Asked(1, at_s=10.0))

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Never."""

    def pump(self, until: Callable[[], bool], deadline: Deadline) -> bool:
        return until()

    def ask(self, script: str, deadline: Deadline) -> Asked:
        return self.asked

    def freezes(self, *waited: Waited) -> Freezes:
        """Watch from the moment 10 to an answer at 10.5."""
        waits = iter(waited)
        freezes = Freezes(self, self, lambda: next(waits), 0.1, lambda: True)  # type: ignore[arg-type]
        freezes.begin(soon())
        self.asked.answer, self.asked.answered_s, self.turned = "", 10.5, 10.5
        freezes.end(soon())
        return freezes


def test_only_what_we_were_late_meanwhile_excuses_a_window() -> None:
    paper = OnPaper(lags=[(9.0, 1.0), (10.1, 0.4), (10.3, 0.1), (10.7, 0.3)])
    freezes = paper.freezes(NOBODY_WAITED, NOBODY_WAITED)
    assert freezes.longest_s == pytest.approx(0.5 - 0.1 - 0.1 - 0.1)


def test_what_other_threads_had_to_wait_leaves_it_open_whether_it_froze() -> None:
    freezes = OnPaper().freezes(NOBODY_WAITED, Waited(all_s=1.5, answering_s=0.1))
    assert freezes.longest_s == 0.0
    assert freezes.longest_perhaps_s == pytest.approx(0.4)


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
