"""How a crowd comes in: many at once, each through the join steps of its dialect.

Where joining is silent, nothing that a server writes proves admission: so a crowd is complete only
after one member has spoken and all have heard it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.dialects.dialect import Dialect, Step
from harness.expect import Vocabulary
from harness.history import readable
from harness.load.crowd import Crowd, Member
from harness.load.texts import Reader, Wrapping, wrapping

AT_ONCE = 100
HEARD_S = 1.0
"""How long the first words may take to reach all; ever longer for later attempts."""
FENCE_S = 60.0
ATTEMPTS = 10
Address = tuple[str, int]


class NotAdmitted(Exception):
    """A crowd could not come in; the reason is a sentence."""


@dataclass(slots=True)
class Joining:
    """One member on its way in: what it received, and which step is next."""

    member: Member
    steps: Sequence[Step]
    values: Mapping[str, str]
    dialect: Dialect
    crowd: Crowd
    text: str = ""
    place: int = 0

    def __call__(self, data: bytes) -> None:
        """Take what was received, and every step that is possible now."""
        self.text += data.decode("utf-8", "replace")
        self.advance()

    def advance(self) -> None:
        """Take steps up to one that has to wait."""
        while not self.is_over:
            step = self.steps[self.place]
            if step.waits:
                pattern = step.template.pattern(Vocabulary(random.Random(0)), self.values)
                found = self.dialect.find(pattern, self.text)
                if found is None:
                    return
                self.text = self.text[found[1] :]
            else:
                self._write(step.template.written(self.values))
            self.place += 1

    def _write(self, text: str) -> None:
        try:
            self.member.socket.send(self.dialect.encode(text))
        except OSError as error:
            raise NotAdmitted(f"{self.member.name} was hung up on: {error}") from None

    @property
    def is_over(self) -> bool:
        """Whether all steps are taken."""
        return self.place >= len(self.steps)


def join(
    crowd: Crowd, dialect: Dialect, address: Address, names: Sequence[str], within_s: float
) -> None:
    """Let people in under these names, a hundred at once, each hundred within this time.

    Raises:
        NotAdmitted: somebody did not come in.
    """
    for begin in range(0, len(names), AT_ONCE):
        _join_some(crowd, dialect, address, names[begin : begin + AT_ONCE], within_s)


def _join_some(
    crowd: Crowd, dialect: Dialect, address: Address, names: Sequence[str], within_s: float
) -> None:
    steps = dialect.steps("join") or ()
    comers = []
    for name in names:
        try:
            member = crowd.connect(name)
        except OSError as error:
            raise NotAdmitted(f"{name} could not connect: {error}") from None
        comer = Joining(member, steps, {"name": name}, dialect, crowd)
        member.listener = comer
        comer.advance()
        comers.append(comer)
    crowd.turn_until(lambda: all(comer.is_over for comer in comers), within_s)
    for comer in comers:
        if not comer.is_over:
            received = readable(comer.text[-300:].encode()) or "nothing"
            raise NotAdmitted(f"{comer.member.name} was not admitted; received: {received}")
        comer.member.listener = None
    if dialect.joins_silently:
        crowd.turn_until(lambda: crowd.network.unread_bytes_at(address) == 0, within_s)


def first_words(crowd: Crowd, dialect: Dialect) -> None:
    """Let the first member speak until all others have heard its latest words.

    As each hears it in order, nothing of it is still under way then.

    Raises:
        NotAdmitted: after many attempts somebody has not heard it.
    """
    speaker, *others = crowd.members
    say = _wrapped(dialect, speaker)
    latest: dict[str, int] = {}

    def ear(member: Member) -> Reader:
        return Reader(1, lambda _sender, number, _at: latest.update({member.name: number}))

    for member in others:
        member.listener = ear(member)
    for attempt in range(ATTEMPTS):
        crowd.write(speaker, say(0, attempt))

        def all_heard(attempt: int = attempt) -> bool:
            return all(latest.get(member.name) == attempt for member in others)

        if crowd.turn_until(all_heard, HEARD_S * (attempt + 1)):
            crowd.deafen()
            return
    deaf = len(others) - sum(number == attempt for number in latest.values())
    raise NotAdmitted(f"{deaf} of {len(others)} people hear nothing of what one of them says")


def hears_itself(crowd: Crowd, dialect: Dialect) -> bool:
    """Return whether a sender receives what it says; a second one's words are the fence.

    Raises:
        NotAdmitted: the second one was not heard.
    """
    first, second = crowd.members[:2]
    heard: list[int] = []
    second_heard: list[int] = []
    first.listener = Reader(2, lambda sender, _number, _at: heard.append(sender))
    second.listener = Reader(1, lambda sender, _number, _at: second_heard.append(sender))
    crowd.write(first, _wrapped(dialect, first)(0, ATTEMPTS))
    crowd.turn_until(lambda: bool(second_heard), FENCE_S)
    crowd.write(second, _wrapped(dialect, second)(1, ATTEMPTS))
    if not crowd.turn_until(lambda: 1 in heard, FENCE_S):
        raise NotAdmitted(f"{first.name} does not hear {second.name}")
    crowd.deafen()
    return 0 in heard


def _wrapped(dialect: Dialect, member: Member) -> Wrapping:
    say = wrapping(dialect, member.name)
    assert say is not None, "a dialect without a plain message is not measured at all"
    return say
