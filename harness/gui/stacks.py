"""Where each thread of a Python program is: which line blocks, which thread touches Tk.

Read from outside by py-spy, without the program's help; see py-spy's README. A program that is no
Python, or may not be looked into, has no stacks: nothing is said of it then.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

PATIENCE_S = 5.0
TKINTER = "tkinter/__init__.py"


class Frame(msgspec.Struct, frozen=True):
    """One call: the function, its file, the line where it is."""

    name: str
    filename: str
    line: int

    def __str__(self) -> str:
        return f"{Path(self.filename).name}:{self.line} in {self.name}"


class Thread(msgspec.Struct, frozen=True):
    """One thread: its calls, the innermost first."""

    thread_name: str | None
    frames: tuple[Frame, ...]

    @property
    def is_main(self) -> bool:
        """Whether it is the one in which the program began."""
        began = self.frames[-1].name if self.frames else ""
        return self.thread_name == "MainThread" or began in ("<module>", "_run_module_as_main")


@dataclass(frozen=True, slots=True)
class Stacks:
    """All threads of one program at one moment."""

    threads: tuple[Thread, ...]

    def blocking_line(self) -> Frame | None:
        """Return the line of the program's own at which its main thread is."""
        main = next((thread for thread in self.threads if thread.is_main), None)
        return _own_line(main) if main else None

    def foreign_touch(self) -> Frame | None:
        """Return the line at which a thread other than the main one calls Tk, if one does."""
        for thread in self.threads:
            in_tk = any(frame.filename.endswith(TKINTER) for frame in thread.frames)
            if in_tk and not thread.is_main:
                return _own_line(thread)
        return None

    def __str__(self) -> str:
        return "\n".join(
            f"{thread.thread_name}:\n" + "".join(f"    {frame}\n" for frame in thread.frames)
            for thread in self.threads
        )


def stacks_of(pid: int) -> Stacks | None:
    """Return the stacks of a process; None when they cannot be had."""
    command = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or "py-spy"
    try:
        told = subprocess.run(
            [command, "dump", "--json", "--pid", str(pid)],
            capture_output=True,
            timeout=PATIENCE_S,
            check=True,
        )
        threads = msgspec.json.decode(told.stdout, type=tuple[Thread, ...])
    except (OSError, subprocess.SubprocessError, msgspec.MsgspecError):
        return None
    return Stacks(threads)


def _own_line(thread: Thread) -> Frame | None:
    """Return the innermost call that is the program's own, or the innermost of all."""
    own = (f for f in thread.frames if not _is_library(f.filename))
    return next(own, next(iter(thread.frames), None))


def _is_library(filename: str) -> bool:
    return filename.startswith("<") or "/lib/python" in filename
