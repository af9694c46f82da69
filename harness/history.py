"""What happened in one scenario: append-only, stamped by one monotonic clock.

The grammar follows the direction of the bytes: ``>`` we sent, ``<`` we received, ``=`` a state
changed, ``!`` something went wrong, ``?`` we claimed or checked something. Nothing is ever
removed or rewritten; what is written to disk is what the checks saw.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from harness.writing import write_anew

Mark = Literal[">", "<", "=", "!", "?"]
SHOWN_BYTES = 2_000
"""A longer chunk is shortened in the history; the counters of a connection saw all of it."""
_UNUSUAL = re.compile("[^ -~]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: seconds since the start, who, which way, what."""

    at_s: float
    who: str
    mark: Mark
    what: str

    def as_json(self) -> str:
        """Return the entry as one line of JSON, without the line end."""
        fields = {"at_s": round(self.at_s, 6), "who": self.who, "mark": self.mark}
        return json.dumps(fields | {"what": self.what}, ensure_ascii=False)


@dataclass(slots=True)
class History:
    """The append-only record of one scenario."""

    started: float = field(default_factory=time.monotonic)
    entries: list[Entry] = field(default_factory=list)

    def now_s(self) -> float:
        """Return the seconds since the history began."""
        return time.monotonic() - self.started

    def record(self, who: str, mark: Mark, what: str | bytes) -> Entry:
        """Append one entry, stamped now. Bytes are shown as text, other bytes escaped."""
        entry = Entry(self.now_s(), who, mark, what if isinstance(what, str) else readable(what))
        self.entries.append(entry)
        return entry

    def write(self, path: Path) -> None:
        """Write the history as JSON lines."""
        write_anew(path, "".join(f"{e.as_json()}\n" for e in self.entries).encode())


def readable(data: bytes, most: int = SHOWN_BYTES) -> str:
    r"""Return bytes as one harmless line of text: control characters and bad UTF-8 escaped.

    >>> readable(b"Ol\xc3\xa1\x1b[2J\n\xff")
    'Olá\\x1b[2J\\n\\xff'
    """
    text = data[:most].decode("utf-8", "backslashreplace")
    shown = text if text.isprintable() else _UNUSUAL.sub(_shown, text)
    return shown if len(data) <= most else f"{shown}… ({len(data)} bytes)"


def _shown(unusual: re.Match[str]) -> str:
    character = unusual.group()
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")
