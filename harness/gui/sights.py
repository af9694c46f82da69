"""What a person sees in a window: which entry is in front, what the list shows, which words.

Pure: a tree of widgets goes in. Several of a kind are told apart as a person would: the entry in
front is that of a dialog, or the lowest of the window; the list is the largest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.gui.widgets import BUTTONS, ENTRIES, LISTS, TEXTS, Tree, Widget

MAIN = "."


def fronts(tree: Tree) -> Iterator[str]:
    """Yield the windows that can be seen: one that lets nobody pass first, the main one last."""
    yield from sorted(
        (dialog.path for dialog in tree.dialogs()), key=lambda path: path != tree.grab
    )
    yield MAIN


def message_of(tree: Tree) -> str | None:
    """Return the window in front if it only tells something: it has a button, and no entry."""
    front = next(fronts(tree))
    asks = bool(tree.of(*ENTRIES, toplevel=front))
    return front if front != MAIN and tree.of(*BUTTONS, toplevel=front) and not asks else None


def entry_of(tree: Tree, toplevel: str = MAIN) -> Widget | None:
    """Return the entry of a window, the lowest on the screen of several."""
    entries = tree.of(*ENTRIES, toplevel=toplevel)
    return max(entries, key=lambda widget: widget.y, default=None)


def front_entry(tree: Tree) -> Widget | None:
    """Return the entry of the window in front that has one."""
    found = (entry_of(tree, front) for front in fronts(tree))
    return next((entry for entry in found if entry), None)


def button_of(tree: Tree, text: str) -> Widget | None:
    """Return the button that says this; case and blanks around it do not matter."""
    wanted = text.strip().casefold()
    buttons = tree.of(*BUTTONS)
    return next((each for each in buttons if each.text.strip().casefold() == wanted), None)


def list_of(tree: Tree) -> Widget | None:
    """Return what shows the rows: the largest Listbox, or, where there is none, Text."""
    shown = tree.of(*LISTS) or tree.of(*TEXTS)
    return max(shown, key=lambda widget: widget.width * widget.height, default=None)


def shown(tree: Tree) -> str:
    """Return what the list shows, without white space: a list wraps."""
    found = list_of(tree)
    return without_blanks(found.text) if found else ""


def words(tree: Tree) -> frozenset[str]:
    """Return every line that can be read, but for what is typed, and the names of buttons.

    Digits are all the same: a clock tells nobody anything.
    """
    lines = (
        line.strip()
        for widget in tree.widgets
        if widget.is_visible and widget.kind not in (*ENTRIES, *BUTTONS)
        for line in widget.text.splitlines()
    )
    return frozenset(re.sub(r"\d+", "0", line) for line in lines if line)


def shows(tree: Tree, widget: Widget, text: str) -> bool:
    """Whether the widget of this path shows exactly this text."""
    return any(each.path == widget.path and each.text == text for each in tree.widgets)


def last_row_is_visible(tree: Tree) -> bool:
    """Whether the list has scrolled to its end."""
    found = list_of(tree)
    return found is not None and found.view[1] >= 1.0


def without_blanks(text: str) -> str:
    """Return a text without white space."""
    return re.sub(r"\s+", "", text)


def outline(tree: Tree) -> str:
    """Return the whole tree as a text for people, a line for each widget."""
    return "\n".join(_outlined(widget) for widget in tree.widgets)


def _outlined(widget: Widget) -> str:
    place = f"{widget.width}x{widget.height}+{widget.x}+{widget.y}"
    seen = "" if widget.is_visible else ", not visible"
    rows = "".join(f"\n    {line!r}" for line in widget.lines if line)
    return f"{widget.path} {widget.kind} {place}{seen}{rows}"
