"""What the tests of windows share: a screen of their own, and little Tk programs on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from harness.clients.reactor import Reactor
from harness.deadline import Deadline
from harness.gui.desktop import Desktop
from harness.gui.window import Window
from harness.gui.xserver import XServer, why_not

sys.path.insert(0, str(Path(__file__).parent))  # for gui_stage, which is ours alone

from gui_stage import Stage

HEAD = "import tkinter as tk\nfrom tkinter import ttk, messagebox, simpledialog\nroot = tk.Tk()\n"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A screen, and nothing on it yet."""
    if why := why_not():
        pytest.skip(why)
    server = XServer(tmp_path, Deadline.after(20.0))
    reactor = Reactor()
    desktop = Desktop(server, reactor)
    try:
        yield Stage(server, reactor, desktop, Window(desktop, reactor))
    finally:
        desktop.close()
        reactor.close()
        server.close()


@pytest.fixture
def program(stage: Stage) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start Tk programs on the screen; what still runs in the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(source: str = "", *command: str) -> subprocess.Popen[str]:
        words = command or (sys.executable, "-c", f"{HEAD}{dedent(source)}\nroot.mainloop()")
        environment = {
            **os.environ,
            "DISPLAY": stage.server.name,
            "XAUTHORITY": str(stage.server.authority),
        }
        started.append(subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
