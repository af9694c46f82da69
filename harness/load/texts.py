"""The texts that are sent and counted: of one length, each unique, each with one end mark.

``MARK`` is in no name and no template, so most members need only count that one byte, which no cut
between two reads can hide. Members that check whole texts use ``Reader``.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from harness.dialects.dialect import Dialect

MARK = b"|"
_FILLING = b"x" * 20 + MARK
TEXT_BYTES = 32
MOST_SENDERS = 100


def text(sender: int, number: int) -> bytes:
    """Return the text number ``number`` of a sender (0 to 99)."""
    return b"q%02d%08d" % (sender, number) + _FILLING


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The bytes before and after a text in a message for everyone; the same for every text."""

    before: bytes
    after: bytes

    def __call__(self, sender: int, number: int) -> bytes:
        """Return a whole message."""
        return self.before + text(sender, number) + self.after


def wrapping(dialect: Dialect, name: str) -> Wrapping | None:
    """Return how somebody's message is wrapped; None where saying it takes more than writing."""
    steps = dialect.steps("message") or ()
    if not steps or any(step.waits for step in steps):
        return None
    sample = text(0, 0)
    values = {"text": sample.decode(), "name": name}
    whole = b"".join(dialect.encode(step.template.written(values)) for step in steps)
    before, _, after = whole.partition(sample)
    return Wrapping(before, after)


class Reader:
    """Finds the whole texts of some senders in a stream, however it was cut; tells of each once.

    Texts of other senders (a flood) are passed over at the speed of the regular expression.
    """

    def __init__(self, senders: int, arrived: Callable[[int, int, float], None]) -> None:
        """Tell ``arrived`` of each text: its sender (below ``senders``), its number, the time."""
        numbers = b"|".join(b"%02d" % sender for sender in range(senders))
        self._pattern = re.compile(b"q(" + numbers + rb")(\d{8})" + re.escape(_FILLING))
        self._arrived = arrived
        self._rest = b""

    def __call__(self, data: bytes) -> None:
        """Take what was read now."""
        now = time.monotonic()
        data = self._rest + data
        end = 0
        for found in self._pattern.finditer(data):
            end = found.end()
            self._arrived(int(found[1]), int(found[2]), now)
        self._rest = data[max(end, len(data) - TEXT_BYTES + 1) :]
