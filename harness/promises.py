"""What a target does and does not promise, read from its description.

An observation about a character set applies only where the target accepts the characters, and
the longest text tried is one that it says it takes; nothing here excuses anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.expect import Vocabulary
from harness.sections import Limits, Names
from spec.limits import Limits as Bounds

ABSURD_NAME = 400
"""A name of this many letters is too long for anybody who promises no bound."""
UNSEEMLY = ("\x1b", ":", "*", "!")
"""Characters that no name may hold, the worst first: an escape attacks terminals."""


@dataclass(frozen=True, slots=True)
class Promises:
    """The ``[names]`` and ``[limits]`` of one target."""

    names: Names
    limits: Limits
    framed: bool
    bounds: Bounds

    @property
    def longest_text_bytes(self) -> int:
        """The longest text that fits, in bytes: what is promised, or the usual."""
        if self.limits.text_bytes is not None:
            return self.limits.text_bytes
        if self.framed:
            return self.bounds.protocol.client_line_bytes - 1
        return self.bounds.judging.unframed_text_bytes

    @property
    def pause_s(self) -> float:
        """How long one client waits before it says something more."""
        most = self.limits.messages_per_s
        return 1.0 / most if most else 0.0

    def accepts(self, name: str) -> bool:
        """Whether every character of a name is one that the target says it accepts."""
        if not self.names.alphabet:
            return True
        return re.fullmatch(f"[{self.names.alphabet}]*", name) is not None

    def invalid_name(self, fault: str, vocabulary: Vocabulary) -> str:
        """Return a name with a fault: blank, too-long or forbidden."""
        if fault == "blank":
            return " "
        if fault == "too-long":
            longest = self.names.max or ABSURD_NAME - 1
            return vocabulary.name("longo").ljust(longest + 1, "o")
        name = vocabulary.name("ana")
        refused = [c for c in UNSEEMLY if not self.accepts(c)]
        return f"{name[:3]}{(refused or UNSEEMLY)[-1 if refused else 0]}{name[3:]}"
