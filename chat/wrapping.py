"""Long texts in lines that fit: a Listbox wraps nothing.

Owns where a line breaks. No tkinter: how wide a character is, is asked, and each only once.
"""

from collections.abc import Callable


class Wrapper:
    """Breaks texts into lines, by the widths of one font."""

    def __init__(self, measure: Callable[[str], int]) -> None:
        """`measure` says how wide a character is, in the unit of all widths."""
        self._measure = measure
        self._widths: dict[str, int] = {}

    def wrap(self, head: str, text: str, width: int) -> list[str]:
        """The lines of a head and a text, each no wider than this, at blanks where there are any.

        Those after the first begin where the text does. Without white space they are the text.
        """
        indent = " " * round(sum(map(self._width, head)) / self._width(" "))
        line, start, lines = head + text, len(head), []
        while (end := self._fitting(line, start, width)) < len(line):
            lines.append(line[:end].rstrip(" "))
            line, start = indent + line[end:].lstrip(" "), len(indent)
        return [*lines, line]

    def _fitting(self, line: str, start: int, width: int) -> int:
        """How many characters fit: up to a blank, or all that can; one of the text at least."""
        used, blank = 0, 0
        for place, character in enumerate(line):
            used += self._width(character)
            if place <= start:
                continue
            if character == " ":
                blank = place
            elif used > width:
                return blank or place
        return len(line)

    def _width(self, character: str) -> int:
        if (width := self._widths.get(character)) is None:
            width = self._widths[character] = self._measure(character)
        return width
