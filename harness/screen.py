"""The server's own output, as a person at its terminal sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness import sections
from harness.deadline import Deadline
from harness.expect import NONCE, Named
from harness.history import readable
from harness.scene import Scene
from harness.targets.process import Process

SHOWN_CHARACTERS = 300
SPOKEN = re.compile(NONCE)
"""A line with one of our texts is no notice, whoever's name is in it."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a server prints. The scene reads on, and says what follows from what does not come."""

    process: Process
    templates: sections.Screen
    scene: Scene

    def mark(self) -> int:
        """Return a place in the output, for what is printed from now on."""
        return self.process.output_bytes

    def awaits_arrival(self, who: Named, since: int) -> None:
        """Wait until the output shows that somebody has come in, so that what comes is of later.

        Not every server shows it, and then nothing is said of that here.
        """
        wanted = self.templates.joined.format(name=who.name)
        self.scene.reactor.pump(lambda: self._has(wanted, since), self.scene.deadline())

    def shows_arrival(self, who: Named, since: int) -> None:
        """Wait until the output shows that somebody has come in.

        Raises:
            Contradicted: it does not.
        """
        self._shows(self.templates.joined, who, since)

    def shows_departure(self, who: Named, since: int) -> None:
        """Wait until the output shows that somebody has left.

        Raises:
            Contradicted: it does not.
        """
        self._shows(self.templates.left, who, since)

    def announced_twice(self, who: Named) -> str | None:
        """Say that the whole output has two arrivals of one name, where it says how one looks.

        The whole of it, because a screen may show an arrival long after the room has heard of it.
        """
        wanted = self.templates.joined.format(name=who.name)
        if wanted == who.name or self.process.output_since(0).count(wanted) < 2:
            return None
        return f"the server's own output announces a second {who.name}, who was refused"

    def leak_of(self, text: str) -> str | None:
        """Say that a private text was printed."""
        shown = text in self.process.output_since(0)
        return f"the server's own output shows the private text {text}" if shown else None

    def _shows(self, template: str, who: Named, since: int) -> None:
        wanted = template.format(name=who.name)
        deadline, pump = self.scene.deadline(), self.scene.reactor.pump

        def comes(before: Deadline) -> bool:
            return pump(lambda: self._has(wanted, since), before)

        if not comes(deadline):
            output = self.process.output_since(since)[-SHOWN_CHARACTERS:]
            shown = f"it shows: {readable(output.encode())!r}" if output else "it shows nothing"
            sentence = f"the server's output does not show {wanted!r}; {shown}"
            raise self.scene.overdue(sentence, deadline, comes)

    def _has(self, wanted: str, since: int) -> bool:
        """Whether a line of the output has this, and is not of what somebody said."""
        output = self.process.output_since(since)
        lines = output.splitlines() if wanted in output else []
        return any(wanted in line and not SPOKEN.search(line) for line in lines)
