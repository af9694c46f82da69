"""The measures: deliveries per second with messages in flight, latency at a fixed rate.

Every count is checked. The **witness**, the member that came last, reads whole texts and sees
whether each came once and in order; of all others the texts are counted. A measure ends when all
that was sent has arrived everywhere, or has not within a time that is ample.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.load.crowd import Crowd, Member, missing
from harness.load.figures import percentile
from harness.load.speaking import Speaker
from harness.load.texts import Reader, Wrapping

P99 = 0.99


@dataclass(frozen=True, slots=True)
class Result:
    """What one measure gave; ``value`` is deliveries per second, or seconds."""

    value: float
    expected: int
    lost: int
    wrong: int = 0
    speaker_s: float = 0.0
    late_s: float = 0.0


@dataclass(slots=True)
class Senders:
    """Those who speak: their wrappings, what each has said, and whether they hear themselves."""

    members: Sequence[Member]
    wrappings: Sequence[Wrapping]
    echo: bool
    said: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Nobody has said anything."""
        self.said = [0] * len(self.members)

    def say(self, crowd: Crowd, sender: int, count: int) -> None:
        """Let one of them say the next ``count`` texts."""
        first, wrap = self.said[sender], self.wrappings[sender]
        self.said[sender] += count
        frames = b"".join(wrap(sender, number) for number in range(first, first + count))
        crowd.write(self.members[sender], frames)

    def expected(self, crowd: Crowd, said: Sequence[int]) -> list[int]:
        """Return how many texts each member must have received when so many were said."""
        total = sum(said)
        silent = {} if self.echo else {id(m): n for m, n in zip(self.members, said, strict=True)}
        return [total - silent.get(id(member), 0) for member in crowd.members]


@dataclass(slots=True)
class Witness:
    """Sees every text of the senders at one member: how many are new, how many are wrong."""

    new: list[int]
    seen: list[int]
    wrong: int = 0

    def __call__(self, sender: int, number: int, _at: float) -> None:
        """Take a text; each sender's must come once, in order, without a gap."""
        if number != self.seen[sender]:
            self.wrong += 1
            return
        self.seen[sender] += 1
        self.new[sender] += 1


def deliveries(
    crowd: Crowd, senders: Senders, in_flight: int, seconds: float, patience_s: float
) -> Result:
    """Keep each sender at ``in_flight`` messages that the witness has not seen yet."""
    count = len(senders.members)
    before, said_before = crowd.counts(), list(senders.said)
    witness = Witness([0] * count, list(senders.said))
    crowd.members[-1].listener = Reader(count, witness)
    began = time.monotonic()
    for sender in range(count):
        senders.say(crowd, sender, in_flight)
    while (left := began + seconds - time.monotonic()) > 0:
        crowd.turn(left)
        for sender, new in enumerate(witness.new):
            if new:
                witness.new[sender] = 0
                senders.say(crowd, sender, new)
    arrived = sum(crowd.counts()) - sum(before)
    took_s = time.monotonic() - began
    said = [now - then for now, then in zip(senders.said, said_before, strict=True)]
    expected = senders.expected(crowd, said)
    lost = drain(crowd, before, expected, patience_s)
    crowd.deafen()
    return Result(arrived / took_s, sum(expected), lost, witness.wrong)


def drain(crowd: Crowd, before: Sequence[int], expected: Sequence[int], patience_s: float) -> int:
    """Wait until all that was sent has arrived; return how much has not."""

    def lost() -> int:
        return missing(before, crowd.counts(), expected)

    crowd.turn_until(lambda: lost() == 0, patience_s)
    return lost()


def latency(
    crowd: Crowd,
    senders: Senders,
    rate: float,
    seconds: float,
    patience_s: float,
    listeners: Sequence[Member],
) -> Result:
    """Let the senders speak in turn at a fixed rate; time counts from the intended moment.

    The value is the 99th percentile over everything that the listeners should have received; what
    did not come counts as never.
    """
    total = max(1, round(rate * seconds))
    turns = [number % len(senders.members) for number in range(total)]
    interval_s = 1.0 / rate
    taken = array("d")
    begin = 0.0
    first = max(senders.said)

    def arrived(_sender: int, number: int, at: float) -> None:
        if number >= first:
            taken.append(at - begin - (number - first) * interval_s)

    frames = [senders.wrappings[s](s, first + number) for number, s in enumerate(turns)]
    said = [turns.count(sender) for sender in range(len(senders.members))]
    everybody = dict(zip(map(id, crowd.members), senders.expected(crowd, said), strict=True))
    expected = sum(everybody[id(member)] for member in listeners)
    crowd.listen(listeners, lambda: Reader(len(senders.members), arrived))
    with Speaker([senders.members[s].socket for s in turns], frames, interval_s, crowd) as speaker:
        begin = speaker.begin()
        crowd.turn_until(lambda: len(taken) >= expected, seconds + patience_s)
    crowd.deafen()
    senders.said = [first + total] * len(senders.members)
    told = speaker.told
    lost = max(0, expected - len(taken))
    wrong = max(0, len(taken) - expected)
    value = percentile(taken, P99, expected)
    return Result(value, expected, lost, wrong, told.cpu_s, told.late_s)
