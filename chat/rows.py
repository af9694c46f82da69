"""The rows in the window's Listbox, each in as many lines as the width asks for.

Owns which lines belong to which row.

Laws: the last row stays in view unless the user reads above (RF-021), also when the list gets lower
or narrower. No more than `ROWS_MAX` + `ROWS_SLACK` lines are kept. No step takes long, however many
rows there are: when the width has changed they are wrapped a few at a time, the newest first.
"""

import tkinter as tk
from collections.abc import Sequence

from chat.config import CHARACTERS_PER_TURN, EVENTS_PER_TURN, ROWS_MAX, ROWS_SLACK
from chat.looks import COLORS
from chat.view import Row, Tone
from chat.wrapping import Wrapper

MARGIN = 10
"""Of the width of the list, what its lines do not have."""


class Rows:
    """What the list shows. Nothing else may insert or delete its lines."""

    def __init__(self, box: tk.Listbox, wrapper: Wrapper) -> None:
        self.is_at_end = True
        """Where the list was scrolled to when it was last drawn; its owner says so."""
        self._box = box
        self._wrapper = wrapper
        self._rows: list[Row] = []
        self._heights: list[int] = []  # of each row, in lines
        self._width = 0  # until the list has one
        self._stale = 0  # so many of the first rows were wrapped for another width
        self._is_wrapping = False
        box.bind("<Configure>", self._on_resize)

    def add(self, rows: Sequence[Row]) -> bool:
        """Add rows at the end; whether they are in view."""
        was_at_end = self._is_end_in_view()
        lines, heights = self._wrapped(rows)
        self._insert(self._box.size(), lines, rows, heights)
        self._rows += rows
        self._heights += heights
        self._forget_the_oldest()
        if was_at_end:
            self._box.see("end")
        return was_at_end

    def _is_end_in_view(self) -> bool:
        return self._box.yview()[1] >= 1.0

    def _wrapped(self, rows: Sequence[Row]) -> tuple[list[str], list[int]]:
        """The lines of these rows, and how many each has."""
        width = (self._width or self._box.winfo_reqwidth()) - MARGIN
        wrapped = [self._wrapper.wrap(f"{row.time}  ", row.text, width) for row in rows]
        return [line for lines in wrapped for line in lines], list(map(len, wrapped))

    def _insert(
        self, first: int, lines: Sequence[str], rows: Sequence[Row], heights: Sequence[int]
    ) -> None:
        """Insert all lines at once, then colour those that are not plain."""
        self._box.insert(first, *lines)
        for row, height in zip(rows, heights, strict=True):
            if row.tone is not Tone.OTHERS:
                for number in range(first, first + height):
                    self._box.itemconfigure(number, foreground=COLORS[row.tone])
            first += height

    def _forget_the_oldest(self) -> None:
        """Delete many at once: one by one costs milliseconds each."""
        excess = self._box.size() - ROWS_MAX
        if excess <= ROWS_SLACK:
            return
        lines = count = 0
        while lines < excess:
            lines += self._heights[count]
            count += 1
        self._box.delete(0, lines - 1)
        del self._rows[:count], self._heights[:count]
        self._stale = max(0, self._stale - count)

    def _on_resize(self, event: "tk.Event[tk.Listbox]") -> None:
        """A list that gets lower keeps its top; whoever followed its end goes on doing so."""
        if self.is_at_end:
            self._box.see("end")
        if event.width != self._width:
            self._width = event.width
            self._stale = len(self._rows)
            if not self._is_wrapping:
                self._wrap_some()

    def _wrap_some(self) -> None:
        """Wrap some rows for the width as it is now, and come back for those before them."""
        end = start = self._stale
        size = 0
        while start and end - start < EVENTS_PER_TURN and size < CHARACTERS_PER_TURN:
            start -= 1
            size += len(self._rows[start].text)
        self._wrap(start, end)
        self._stale = start
        self._forget_the_oldest()
        self._is_wrapping = self._stale > 0
        if self._is_wrapping:
            self._box.after(1, self._wrap_some)

    def _wrap(self, start: int, end: int) -> None:
        """Give these rows the lines that the width asks for; the view stays where it is."""
        rows, before = self._rows[start:end], self._heights[start:end]
        lines, heights = self._wrapped(rows)
        if heights == before == [1] * len(rows):
            return
        was_at_end, (row, line) = self._is_end_in_view(), self._at_the_top()
        first = sum(self._heights[:start])
        self._box.delete(first, first + sum(before) - 1)
        self._insert(first, lines, rows, heights)
        self._heights[start:end] = heights
        if was_at_end:
            self._box.see("end")
        else:
            self._box.yview(sum(self._heights[:row]) + min(line, self._heights[row] - 1))

    def _at_the_top(self) -> tuple[int, int]:
        """The row that the view begins with, and which of its lines."""
        line = self._box.index("@0,0") or 0
        for row, height in enumerate(self._heights):
            if line < height:
                return row, line
            line -= height
        return 0, 0
