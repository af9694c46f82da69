"""What a window showed when a check failed: kept for whoever wants to know why."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from harness.deadline import Deadline
from harness.gui.sights import outline
from harness.gui.window import NoWindow, Window
from harness.reports.text import harmless
from harness.writing import write_anew

PATIENCE_S = 0.5
"""A window that is frozen shows no tree; its picture is had all the same."""


@dataclass(slots=True)
class Snapshot:
    """The screen, all widgets with what they show, and, if it blocked, where each thread was."""

    picture: bytes
    widgets: str
    stacks: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, window: Window, stacks: list[str]) -> Snapshot:
        """Take one now."""
        try:
            widgets = outline(window.look(Deadline.after(PATIENCE_S)))
        except NoWindow as why:
            widgets = str(why)
        return cls(window.picture(), widgets, stacks)

    def write(self, folder: Path, name: str) -> list[str]:
        """Write it into ``screens`` of a folder; return the paths, as seen from the folder."""
        picture, text = f"screens/{name}.png", f"screens/{name}.txt"
        write_anew(folder / picture, self.picture)
        lines = "\n\n".join([self.widgets, *self.stacks]).splitlines()
        write_anew(folder / text, "".join(f"{harmless(line)}\n" for line in lines).encode())
        return [picture, text]
