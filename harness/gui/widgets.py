"""The widgets of a window, all of them, as one script of one `send` reads them.

Found by class and by what they show, never by name: names are the program's own affair.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ENTRIES = ("Entry", "TEntry")
BUTTONS = ("Button", "TButton")
LISTS = ("Listbox",)
TEXTS = ("Text",)

READ = r"""apply {{} {
    set found {}
    set queue [list .]
    while {[llength $queue]} {
        set w [lindex $queue 0]
        set queue [lrange $queue 1 end]
        catch {
            lappend queue {*}[winfo children $w]
            set class [winfo class $w]
            set text {}
            set view {0 1}
            switch -- $class {
                Listbox { set text [$w get 0 end]; set view [$w yview] }
                Text { set text [list [$w get 1.0 end-1c]]; set view [$w yview] }
                Entry - TEntry { set text [list [$w get]] }
                default { catch { set text [list [$w cget -text]] } }
            }
            set text [string map [list \u0000 \u2400] $text]
            lappend found [list $w $class [winfo viewable $w] [winfo rootx $w] [winfo rooty $w] \
                [winfo width $w] [winfo height $w] [winfo toplevel $w] $view $text]
        }
    }
    set titles {}
    foreach f $found {
        set w [lindex $f 0]
        if {[winfo toplevel $w] eq $w} { catch { lappend titles $w [wm title $w] } }
    }
    list [pid] [focus] [grab current] $titles $found
}}"""
"""Reads only; leaves no variable and no procedure behind. A NUL, which ends an answer, is shown."""


@dataclass(frozen=True, slots=True)
class Widget:
    """One widget: where it is on the screen, in pixels, and what it shows.

    ``lines`` are the rows of a list, or the one text of anything else. ``view`` is the part of its
    content that can be seen, from 0 to 1.
    """

    path: str
    kind: str
    is_visible: bool
    x: int
    y: int
    width: int
    height: int
    toplevel: str
    view: tuple[float, float]
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """What it shows, as one text."""
        return "\n".join(self.lines)

    @property
    def middle(self) -> tuple[int, int]:
        """Where to click."""
        return self.x + self.width // 2, self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Tree:
    """All widgets of one program at one moment, the main window first."""

    pid: int
    focus: str
    grab: str
    titles: dict[str, str]
    widgets: tuple[Widget, ...]

    def of(self, *kinds: str, toplevel: str | None = None) -> list[Widget]:
        """Return those of these classes that can be seen, in this window or in any."""
        return [
            widget
            for widget in self.widgets
            if widget.kind in kinds
            and widget.is_visible
            and (toplevel is None or widget.toplevel == toplevel)
        ]

    def dialogs(self) -> Iterator[Widget]:
        """Yield the windows beside the main one that can be seen."""
        for widget in self.widgets:
            if widget.toplevel == widget.path != "." and widget.is_visible:
                yield widget


def parse(answer: str) -> Tree:
    """Return what ``READ`` has answered.

    Raises:
        ValueError: that is no answer of it.
    """
    try:
        pid, focus, grab, titles, found = _split(answer)
        named = _split(titles)
        return Tree(
            pid=int(pid),
            focus=focus,
            grab=grab,
            titles=dict(zip(named[::2], named[1::2], strict=True)),
            widgets=tuple(map(_widget, _split(found))),
        )
    except ValueError as error:
        raise ValueError(f"not an answer of a Tk window: {answer[:80]!r} ({error})") from None


def _split(text: str) -> tuple[str, ...]:
    """Take a list of Tcl apart. Raises ValueError if it is none."""
    import tkinter  # noqa: PLC0415 - a Python may lack it; then there are no windows either

    try:
        return tuple(map(str, _tcl().splitlist(text)))
    except tkinter.TclError as error:
        raise ValueError(str(error)) from None


@functools.cache
def _tcl() -> Any:
    """Return an interpreter that only takes lists apart; it needs no display."""
    import tkinter  # noqa: PLC0415 - as above

    return tkinter.Tcl()


def _widget(text: str) -> Widget:
    path, kind, visible, x, y, width, height, toplevel, view, lines = _split(text)
    first, last = map(float, _split(view))
    place = (int(x), int(y), int(width), int(height))
    return Widget(path, kind, visible == "1", *place, toplevel, (first, last), _split(lines))
