"""Counts our nonces in the raw bytes of a connection, however it was cut.

A leak, a doubled or a torn message in a form that no template describes hides nothing here.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass, field

from harness.expect import NONCE

_NONCE = re.compile(NONCE.encode())
LENGTH = 12
FIRST = (b"q", b"x")
"""With what a nonce begins."""


@dataclass(slots=True)
class Tally:
    """How often each nonce occurred. Memory grows with the number of nonces, not of bytes."""

    encoding: str = "utf-8"
    counts: Counter[str] = field(default_factory=Counter)
    total_bytes: int = 0
    tail: bytes = b""
    _decoder: codecs.IncrementalDecoder | None = None

    def __post_init__(self) -> None:
        """Read as text what has not the bytes of ASCII for its letters, such as UTF-16."""
        if "q".encode(self.encoding) != b"q":
            self._decoder = codecs.getincrementaldecoder(self.encoding)("replace")

    def feed(self, data: bytes) -> None:
        """Count the nonces that end in this chunk."""
        self.total_bytes += len(data)
        if self._decoder:
            data = self._decoder.decode(data).encode("ascii", "replace")
        window = self.tail + data
        if not any(first in window for first in FIRST):
            self.tail = b""  # most chunks by far: no nonce can have begun
            return
        counted_to = 0
        for found in _NONCE.finditer(window):
            self.counts[found.group().decode()] += 1
            counted_to = found.end()
        self.tail = window[max(counted_to, len(window) - LENGTH + 1) :]
