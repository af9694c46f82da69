"""Colours and other control sequences of a terminal, which are no part of what is said.

The sequences are those of ECMA-48, section 5.4: ESC, "[", parameters, a final letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*)?\Z")


def plain(text: str) -> str:
    """Return a text without control sequences."""
    return _SEQUENCE.sub("", text)


def place_in(text: str, characters: int) -> int:
    """Return the place in a text that has so many characters of its plain text before it."""
    place = characters
    for sequence in _SEQUENCE.finditer(text):
        if sequence.start() >= place:
            break
        place += len(sequence.group())
    return place


@dataclass(slots=True)
class Plain:
    """Takes the sequences out of a stream, however it was cut."""

    begun: str = ""

    def feed(self, text: str) -> str:
        """Return what is plain in it; the beginning of a sequence waits for its end."""
        text = plain(self.begun + text)
        begun = _BEGUN.search(text)
        self.begun = begun.group() if begun else ""
        return text[: len(text) - len(self.begun)]
