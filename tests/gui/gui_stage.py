"""A screen with a window on it, as a test sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.clients.reactor import Reactor
from harness.deadline import Deadline
from harness.gui.desktop import Desktop
from harness.gui.sights import shows
from harness.gui.widgets import ENTRIES, Tree, Widget
from harness.gui.window import Window
from harness.gui.xserver import XServer

PATIENCE_S = 20.0


def soon() -> Deadline:
    """A deadline that passes only when something is broken."""
    return Deadline.after(PATIENCE_S)


@dataclass
class Stage:
    """One screen, and what looks at it."""

    server: XServer
    reactor: Reactor
    desktop: Desktop
    window: Window

    def sees(self, holds: Callable[[Tree], bool]) -> Tree:
        """Look until something holds."""
        tree = self.window.waits_for(holds, soon())
        assert tree is not None, self.window.look(soon())
        return tree

    def fill(self, text: str) -> None:
        """Type a text into the one entry, until it holds it."""
        entry = self.one(*ENTRIES)
        self.window.replace(entry, text, PATIENCE_S)
        self.sees(lambda tree: shows(tree, entry, text))

    def one(self, *kinds: str) -> Widget:
        """The one widget of these classes, as soon as it can be seen."""
        (found,) = self.sees(lambda tree: len(tree.of(*kinds)) == 1).of(*kinds)
        return found
