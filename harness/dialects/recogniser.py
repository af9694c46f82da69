"""From received bytes to events: what each template explains, and what none does.

With framing a template must match a whole frame (blanks around it are free); of several, the
one with most literal characters wins. Without framing the stream is searched: leftmost, then
longest, then most literal; a match that may go on in bytes still to come waits for a moment of
quiet or for a later event, and quiet decides nothing else.

What no template explains is kept, to be shown. After 64 kB of it the connection is flooded: no more
is kept, and in a stream, which costs more the longer it is, recognition stops; of frames it stops
after 1 MB. The counting of nonces, which is done elsewhere, goes on.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from harness.dialects.ansi import Plain, plain
from harness.dialects.framing import Framing
from harness.dialects.patterns import Patterns, Rule
from harness.expect import Event

FLOOD_CHARACTERS = 64_000
ENDLESS_CHARACTERS = 1_000_000
QUIET_S = 0.05
LONG_CHARACTERS = 4_000
GROWTH = 1.25
"""A stream of which so much is unexplained is not searched again before it has grown so much, or is
quiet: a flood that comes in a thousand little pieces would make us late."""


@dataclass(slots=True)
class Unexplained:
    """What no template explained, oldest first; at most one flood of it. ``characters`` counts all.

    With ``is_kept`` False it is forgotten, and however much there is, it is no flood.
    """

    pieces: list[str] = field(default_factory=list)
    characters: int = 0
    is_kept: bool = True

    @property
    def is_flood(self) -> bool:
        """Whether there is so much of it that no more is kept."""
        return self.characters > FLOOD_CHARACTERS

    @property
    def is_endless(self) -> bool:
        """Whether there is so much of it that nobody can go on looking."""
        return self.characters > ENDLESS_CHARACTERS

    def add(self, text: str) -> None:
        """Keep a piece; blanks alone say nothing."""
        if self.is_kept and text.strip():
            if not self.is_flood:
                self.pieces.append(text)
            self.characters += len(text)


class FrameRecogniser:
    """Recognises whole frames."""

    def __init__(
        self, framing: Framing, patterns: Patterns, encoding: str, *, ansi: bool = False
    ) -> None:
        """Start with nothing received; with ``ansi`` colours are no part of a frame."""
        self._ansi = ansi
        self.unexplained = Unexplained()
        self._deframer = framing.deframer()
        self._patterns = patterns
        self.encoding = encoding

    def feed(self, data: bytes, at_s: float) -> list[Event]:
        """Take received bytes, return the events in the frames that are now complete."""
        if self.unexplained.is_endless:
            return []
        frames = self._deframer.feed(data)
        found = (self._recognise(f.decode(self.encoding, "backslashreplace"), at_s) for f in frames)
        return [event for event in found if event is not None]

    def settle(self, now_s: float) -> list[Event]:
        """Return nothing: a frame does not wait for quiet."""
        return []

    def rest(self) -> str:
        """Return nothing: a frame is explained, or not, as soon as it has come."""
        return ""

    def _recognise(self, frame: str, at_s: float) -> Event | None:
        frame = plain(frame) if self._ansi else frame
        text = frame.strip()  # but a hole that nothing fills may be all that follows a blank
        whole = [text] if text == frame else [text, frame]
        for rule, pattern in self._patterns:
            match = next(filter(None, map(pattern.fullmatch, whole)), None)
            if match is not None and self._patterns.known(match):
                return self._patterns.event(rule, match, at_s)
        self.unexplained.add(frame)
        return None


Found = tuple[Rule, re.Match[str]]


class StreamRecogniser:
    """Recognises events anywhere in a stream without framing."""

    def __init__(self, patterns: Patterns, encoding: str, *, ansi: bool = False) -> None:
        """Start with nothing received; with ``ansi`` colours are no part of the stream."""
        self._plain = Plain() if ansi else None
        self.unexplained = Unexplained()
        self._patterns = patterns
        self.encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("backslashreplace")
        self._stream = ""
        self._last_data_s = 0.0
        self._next_look_characters = 0

    def feed(self, data: bytes, at_s: float) -> list[Event]:
        """Take received bytes, return the events that are now certain."""
        if self.unexplained.is_flood:
            return []
        text = self._decoder.decode(data)
        self._stream += self._plain.feed(text) if self._plain else text
        self._last_data_s = at_s
        if LONG_CHARACTERS < len(self._stream) < self._next_look_characters:
            return []
        return self._read(at_s, quiet=False)

    def settle(self, now_s: float) -> list[Event]:
        """Return the open-ended events that nothing has followed for a moment."""
        if not self._stream or now_s - self._last_data_s < QUIET_S:
            return []
        return self._read(self._last_data_s, quiet=True)

    def _read(self, at_s: float, *, quiet: bool) -> list[Event]:
        events = []
        while (found := self._leftmost()) is not None:
            rule, match = found
            if self._patterns.may_go_on(rule, self._stream[match.end() :]):
                shorter = self._before_a_later_event(rule, match)
                if shorter is None and not quiet:
                    break
                match = shorter or match
            self.unexplained.add(self._stream[: match.start()])
            events.append(self._patterns.event(rule, match, at_s))
            self._stream = self._stream[match.end() :]
        if len(self._stream) > FLOOD_CHARACTERS:
            self.unexplained.add(self._stream)
            self._stream = ""
        self._next_look_characters = int(len(self._stream) * GROWTH)
        return events

    def _leftmost(self) -> Found | None:
        return min(self._all_from(0), key=_preference, default=None)

    def _all_from(self, start: int) -> list[Found]:
        return [f for rule, pattern in self._patterns if (f := self._search(rule, pattern, start))]

    def _before_a_later_event(self, rule: Rule, match: re.Match[str]) -> re.Match[str] | None:
        """Return what is left of an open-ended match that has swallowed another event."""
        if not rule.template.is_open_ended:
            return None
        later = sorted(self._all_from(match.start() + 1), key=_preference)
        ends = (swallowed.start() for _, swallowed in later)
        shorter = (match.re.match(self._stream, match.start(), end) for end in ends)
        return next((m for m in shorter if m is not None), None)

    def _search(self, rule: Rule, pattern: re.Pattern[str], start: int) -> Found | None:
        while (match := pattern.search(self._stream, start)) is not None:
            if self._patterns.known(match):
                return rule, match
            start = match.start() + 1
        return None

    def rest(self) -> str:
        """Return what came last and is not explained yet."""
        return self._stream


def _preference(found: Found) -> tuple[int, int, int]:
    rule, match = found
    return match.start(), -match.end(), -rule.template.literal_characters


Recogniser = FrameRecogniser | StreamRecogniser


def recogniser(
    framing: Framing, patterns: Patterns, encoding: str, *, ansi: bool = False
) -> Recogniser:
    """Return a recogniser for one connection."""
    if framing.framed:
        return FrameRecogniser(framing, patterns, encoding, ansi=ansi)
    return StreamRecogniser(patterns, encoding, ansi=ansi)
