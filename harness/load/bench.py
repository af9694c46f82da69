"""The parent of a bench: starts the worker under the guard, shows what it tells, sums up.

However it ends, nothing of it is left; what was measured until then is shown.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from harness import guarded
from harness.description import DescriptionError
from harness.load.figures import Figure
from harness.load.sizes import Plan
from harness.load.table import Board
from harness.system import System
from harness.targets import instructions

DEFAULT = ("reference-server", "naive-server", "ngircd", "inspircd")
BARE = "bare send loop"
LOOK_EVERY_S = 0.2
KEPT_OUTPUT = 2_000
INTERRUPTED, BROKEN = 130, 3


@dataclass(slots=True)
class Bench:
    """One bench of some systems: the plan, what can run, what has come so far."""

    systems: Sequence[System]
    plan: Plan
    figures: list[Figure] = field(default_factory=list)
    said: str = ""
    cut: bytes = b""

    def execute(self) -> int:
        """Measure and show; return the exit code of ``chat-verify bench``.

        Raises:
            DescriptionError: there is a client among the targets, or two share one name.
        """
        _check(self.systems)
        missing = {s.name: instructions.missing_package(s.description) for s in self.systems}
        present = [system for system in self.systems if not missing[system.name]]
        board = Board([*(system.name for system in present), BARE], self.plan.runs)
        for name, line in missing.items():
            if line:
                board.say(f"{name} is left out: {line}")
        files = [str(system.description.file) for system in present]
        code = self._measure(msgspec.structs.replace(self.plan, targets=files), board)
        board.finish(self.figures)
        if code == BROKEN:
            board.say(f"The bench itself broke: {self.said[-KEPT_OUTPUT:].strip()}")
        elif code:
            board.say("Interrupted: these are the figures until then.")
        return code

    def _measure(self, plan: Plan, board: Board) -> int:
        with guarded.workplace() as workplace, guarded.signals() as caught:
            path = workplace / "plan.json"
            path.write_bytes(msgspec.json.encode(plan))
            worker = [sys.executable, "-P", "-m", "harness.load.worker", str(path)]
            with (workplace / "output").open("wb") as output:
                child = guarded.start(worker, workplace, output)
            try:
                self._follow(child, workplace / "output", caught, board)
            finally:
                guarded.end(child)
        if caught:
            return INTERRUPTED
        return BROKEN if child.returncode else 0

    def _follow(
        self, child: subprocess.Popen[bytes], output: Path, caught: list[int], board: Board
    ) -> None:
        with output.open("rb") as lines:
            running = True
            while running and not caught:
                try:
                    child.wait(LOOK_EVERY_S)
                    running = False
                except subprocess.TimeoutExpired:
                    pass
                self._take(lines.read(), board)

    def _take(self, data: bytes, board: Board) -> None:
        *whole, self.cut = (self.cut + data).split(b"\n")
        for line in whole:
            try:
                figure = msgspec.json.decode(line, type=Figure)
            except msgspec.DecodeError:
                self.said += line.decode("utf-8", "replace") + "\n"
                continue
            self.figures.append(figure)
            board.update(figure)


def _check(systems: Sequence[System]) -> None:
    names = [system.name for system in systems]
    for system in systems:
        if system.role != "server":
            problem = "target.role: a bench measures servers, and this is a client"
            raise DescriptionError(system.description.file, problem)
        if names.count(system.name) > 1:
            problem = f"two of the targets are called {system.name!r}; see target.name"
            raise DescriptionError(system.description.file, problem)
