"""Trees of widgets as a test writes them: a class, a path, a place, a text."""

from __future__ import annotations

from harness.gui.widgets import Tree, Widget

SIZE = (100, 20)


def widget(
    kind: str,
    path: str,
    place: tuple[int, int] = (0, 0),
    *lines: str,
    window: str = ".",
    size: tuple[int, int] = SIZE,
    is_visible: bool = True,
    view: tuple[float, float] = (0.0, 1.0),
) -> Widget:
    """A widget that can be seen, unless something else is said."""
    return Widget(path, kind, is_visible, *place, *size, window, view, lines)


def tree(*widgets: Widget, titles: dict[str, str] | None = None, grab: str = "") -> Tree:
    """All widgets of a program, whose main window is among them."""
    return Tree(1, "", grab, titles or {}, (widget("Tk", "."), *widgets))


def window(path: str) -> Widget:
    """A window beside the main one."""
    return widget("Toplevel", path, window=path)
