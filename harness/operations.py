"""Performs the operations of a dialect through a client: steps that write, steps that wait.

Two rules that measured differences between right and wrong verdicts: without framing a send waits
until the target has read the one before (its receive queue is empty), so that what we send is
not merged; and a refusal ends an operation early and is its result. What a step that waits reads in
``{id}`` is the word by which the server calls this client, and has its value from then on.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from harness.clients.client import Client
from harness.clients.reactor import Reactor
from harness.deadline import Deadline
from harness.dialects.dialect import Dialect, Step
from harness.dialects.framing import FramingError
from harness.dialects.recogniser import QUIET_S
from harness.expect import REFUSALS, Event, Kind, Vocabulary
from harness.targets.network import Network
from harness.verdict import Lacking

CAPTURED = ("id",)
"""The holes whose value the server gives, in a step that waits."""


class Outcome(Enum):
    """How an operation ended."""

    DONE = "done"
    REFUSED = "refused"
    ENDED = "the connection ended"
    SILENT = "nothing that was waited for came"


@dataclass(frozen=True, slots=True)
class Result:
    """How an operation ended, with the refusal where it was one."""

    outcome: Outcome
    refusal: Event | None = None
    waited_for: str = ""


@dataclass(slots=True)
class Speech:
    """One operation under way: it can be taken step by step, so that several run at once.

    ``given`` is what the server gave: the fields that steps have captured. ``refusals`` are the
    kinds of event that end it.
    """

    client: Client
    dialect: Dialect
    vocabulary: Vocabulary
    reactor: Reactor
    steps: Sequence[Step]
    values: Mapping[str, str]
    network: Network
    refusals: tuple[Kind, ...] = REFUSALS
    place: int = 0
    mark: int = 0
    events_before: int = 0
    given: dict[str, str] = field(default_factory=dict)
    _looked_at_bytes: int = -1

    def __post_init__(self) -> None:
        """Remember what had been received before the first step."""
        self.mark = self.client.mark()
        self.events_before = len(self.client.events)

    @property
    def is_over(self) -> bool:
        """Whether every step has been taken."""
        return self.place >= len(self.steps)

    @property
    def writes_name_next(self) -> bool:
        """Whether the next step is the one that claims the name."""
        step = self.steps[self.place]
        return not step.waits and "name" in step.template.holes

    @property
    def may_go_on(self) -> bool:
        """Whether the next step would not wait, as far as what came since the last look says."""
        step, total = self.steps[self.place], self.client.tally.total_bytes
        if not step.waits or not self.client.is_open or self.refusal():
            return True
        if total == self._looked_at_bytes:
            return False
        found = self._found(step)
        if found is None and self._is_quiet():
            self._looked_at_bytes = total
        return found is not None

    def run(self, deadline: Deadline) -> Result:
        """Take the steps that are left, until the end or a refusal.

        A step that writes before a step that waits is followed at once; what the last step
        wrote is not waited for. What two steps write is sent apart, also where a link carries it.
        """
        while not self.is_over:
            result = self.take_step(deadline)
            if result.outcome is not Outcome.DONE:
                return result
            if not self.is_over:
                self.reactor.turn(0.0)
        return Result(Outcome.DONE)

    def take_step(self, deadline: Deadline) -> Result:
        """Take one step."""
        step = self.steps[self.place]
        if refusal := self.refusal():
            return Result(Outcome.REFUSED, refusal)
        result = self._wait_for(step, deadline) if step.waits else self._write(step, deadline)
        self.place += 1
        self._looked_at_bytes = -1
        return result

    def refusal(self) -> Event | None:
        """Return the refusal that came since the operation began, if any."""
        return self.client.first(lambda event: event.kind in self.refusals, self.events_before)

    def _write(self, step: Step, deadline: Deadline) -> Result:
        if not self.dialect.from_client.framed:
            self.reactor.pump(lambda: has_been_read(self.client, self.network), deadline)
        if not self.client.is_open:
            return Result(Outcome.ENDED)
        self.client.write(self._encoded(step.template.written({**self.values, **self.given})))
        return Result(Outcome.DONE)

    def _encoded(self, text: str) -> bytes:
        try:
            return self.dialect.encode(text)
        except UnicodeEncodeError as error:
            lost = text[error.start : error.end]
            raise Lacking(f"the target's encoding, {error.encoding}, has no {lost!r}") from None
        except FramingError as error:
            raise Lacking(f"the target's framing cannot hold it: {error}") from None

    def _wait_for(self, step: Step, deadline: Deadline) -> Result:
        pattern, client = self._pattern(step), self.client

        def decided() -> bool:
            return self._found(step) is not None or self.refusal() is not None or not client.is_open

        self.reactor.pump(decided, deadline)
        text = self._text()
        if found := self._found(step):
            match, end = found
            self.given |= {key: match[key] for key in CAPTURED if key in pattern.groupindex}
            self._read_up_to(text, match.start() + 1 if step.template.is_open_ended else end)
            return Result(Outcome.DONE)
        if refusal := self.refusal():
            return Result(Outcome.REFUSED, refusal)
        outcome = Outcome.SILENT if client.is_open else Outcome.ENDED
        return Result(outcome, waited_for=step.template.shown({**self.values, **self.given}))

    def _found(self, step: Step) -> tuple[re.Match[str], int] | None:
        """Return what a step waits for, once it has come whole: its end may still be on its way."""
        text = self._text()
        found = self.dialect.find(self._pattern(step), text)
        may_go_on = step.template.is_open_ended and found and found[1] == len(text)
        return None if may_go_on and not self._is_quiet() else found

    def _is_quiet(self) -> bool:
        return time.monotonic() - self.client.last_received_s >= QUIET_S

    def _pattern(self, step: Step) -> re.Pattern[str]:
        return step.template.pattern(self.vocabulary, {**self.values, **self.given})

    def _text(self) -> str:
        """Return what was received and no step has taken yet."""
        return self.client.text_since(self.mark, self.dialect.encoding)

    def _read_up_to(self, text: str, end: int) -> None:
        """Let the next step that waits see only what follows: prompts look alike."""
        self.mark += len(text[:end].encode(self.dialect.encoding, "surrogateescape"))


def has_been_read(client: Client, network: Network) -> bool:
    """Whether the target has read all that we wrote as this client, or as its server."""
    if client.has_unsent:
        return False
    row = network.peer_row(client.ours, client.theirs)
    return row is None or row.unread_bytes == 0
