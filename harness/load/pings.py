"""Answers the pings of a server, for members that otherwise only count what they receive.

Looks at a chunk only if it may hold a ping: it has the literal beginning of one, or was cut in the
middle of a line. A dialect whose ping is not a line, or begins with a hole, is not answered.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.dialects.dialect import Dialect
from harness.dialects.template import Template
from harness.expect import Kind, Vocabulary

KEPT_BYTES = 600
LINE_FEED = 10


@dataclass(slots=True)
class Pings:
    """The pings of one dialect; ``look`` may be called with any chunk of any member."""

    beginning: bytes
    pattern: re.Pattern[bytes]
    pongs: tuple[Template, ...]
    dialect: Dialect
    rests: dict[int, bytes] = field(default_factory=dict)

    def may_be_in(self, buffer: bytearray, size: int, member: int) -> bool:
        """Whether ``look`` has to see this chunk."""
        return (
            buffer[size - 1] != LINE_FEED
            or member in self.rests
            or buffer.find(self.beginning, 0, size) >= 0
        )

    def look(self, member: int, data: bytes, answer: Callable[[bytes], object]) -> None:
        """Answer each ping that is complete now; keep what may be the beginning of one."""
        data = self.rests.pop(member, b"") + data
        for found in self.pattern.finditer(data):
            values = {hole: value.decode() for hole, value in found.groupdict().items()}
            for pong in self.pongs:
                answer(self.dialect.encode(pong.written(values)))
        if rest := data[data.rfind(b"\n") + 1 :]:
            self.rests[member] = rest[:KEPT_BYTES]


def pings(dialect: Dialect) -> Pings | None:
    """Return what answers the pings of a dialect; None where it has none that we can answer."""
    steps = dialect.steps("pong")
    rule = next((rule for rule in dialect.rules if rule.kind is Kind.PING), None)
    if steps is None or rule is None or rule.template.is_regex:
        return None
    beginning = rule.template.pieces[0]
    if not isinstance(beginning, str):
        return None
    inside = rule.template.pattern(Vocabulary(random.Random(0))).pattern
    pattern = re.compile(b"(?:^|(?<=\n))" + inside.encode() + b"(?=\r?\n)")
    return Pings(beginning.encode(), pattern, tuple(s.template for s in steps), dialect)
