"""The lines of a server's log: what each says, of those that a target file describes.

A log may hold whatever else its server likes to note, so that lines which no template explains
mean nothing here, and never stop the reading.
"""

from __future__ import annotations

from harness.dialects.patterns import Patterns
from harness.expect import Event


def read(data: bytes, patterns: Patterns) -> list[Event]:
    """Return the entries of a log in its order; ``at_s`` is the number of the line."""
    lines = data.decode("utf-8", "backslashreplace").split("\n")
    entries = (_entry(line.strip(), number, patterns) for number, line in enumerate(lines, 1))
    return [entry for entry in entries if entry is not None]


def _entry(line: str, number: int, patterns: Patterns) -> Event | None:
    found = [
        (rule.template.literal_characters, rule, match)
        for rule, pattern in patterns
        if (match := pattern.fullmatch(line)) and patterns.known(match)
    ]
    if not found:
        return None
    _, rule, match = max(found, key=lambda each: each[0])
    return patterns.event(rule, match, number)
