"""A virtual person in the room: says, tells, leaves, and expects.

What is expected must come exactly as often as it was expected: each ``expects`` claims one more
occurrence and waits for it; when the scenario ends and the server has been stopped, the
occurrences are counted again over everything received.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.clients.client import Client
from harness.deadline import Deadline
from harness.expect import Event, Expectation, nonce_of, nonces_in
from harness.history import readable
from harness.verdict import Contradicted, Lacking, Stopped

if TYPE_CHECKING:
    from harness.room import Room

NOBODYS_ID = "999999"
"""What stands for nobody where the server calls people by numbers."""
UNMATCHED_BYTES = 200
"""How much of what no template matched is shown; the last of it."""


class Member:
    """One client with a name, seen from a scenario."""

    def __init__(self, name: str, client: Client, room: Room) -> None:
        """Join a connection to the room it is in."""
        self.name = name
        self.client = client
        self.given: dict[str, str] = {}
        self.said: list[str] = []
        self.claims: Counter[Expectation] = Counter()
        self._sights: dict[Expectation, tuple[list[Event], int]] = {}
        self.wrote_s = float("-inf")
        """When it began to perform its last operation."""
        self._room = room

    def __repr__(self) -> str:
        return f"<Member {self.name}>"

    @property
    def events(self) -> Sequence[Event]:
        """Everything recognised so far, in order."""
        return self.client.events

    def says(self, text: str | None = None) -> str:
        """Say something to everyone; return the text, unique unless given."""
        text = self.plans_to_say(text)
        self._room.perform(self, "message", {"text": text, "name": self.name})
        return text

    def writes(self) -> str:
        """Say something, and wait for no answer: there can be none yet; return the text."""
        text = self.plans_to_say()
        values = {"text": text, "name": self.name}
        self._room.perform(self, "message", values, is_answered=False)
        return text

    def plans_to_say(self, text: str | None = None) -> str:
        """Take a text for its own, which it has yet to say; return it."""
        text = self._fitting(self._room.vocabulary.nonce() if text is None else text)
        self.said.append(text)
        self._room.authors[text] = self
        return text

    def tells(self, to: Member | str, text: str | None = None) -> str:
        """Say something to one person, by name; return the text.

        Raises:
            Lacking: the target has no private messages.
        """
        text = self._fitting(self._room.vocabulary.nonce() if text is None else text)
        self._room.authors[text] = self
        recipient = to if isinstance(to, str) else to.name
        values = {"text": text, "to": recipient, "name": self.name}
        values["to.id"] = self._id_of(recipient) if isinstance(to, str) else to.given.get("id", "")
        self._room.perform(self, "private", values)
        return text

    def _fitting(self, text: str) -> str:
        """Return a text, if the target does not say that it takes none so long."""
        most, size = self._room.promises.limits.text_bytes, len(text.encode())
        if most is not None and size > most:
            raise Lacking(f"the target file says that a text has at most {most} bytes, not {size}")
        return text

    def _id_of(self, name: str) -> str:
        """Return by which word the server calls somebody, or one that it calls nobody."""
        for member in self._room.members:
            if member.name.casefold() == name.casefold() and "id" in member.given:
                return member.given["id"]
        return NOBODYS_ID if name and self.given.get("id", "").isdigit() else name

    def asks_who_is_here(self) -> None:
        """Ask for the list of users.

        Raises:
            Lacking: the target has no such list.
        """
        self._room.perform(self, "users", {"name": self.name})

    def keeps_pace(self) -> None:
        """Wait until it may write again, for no more is asked than the target promises to stand."""
        if pause_s := self._room.promises.pause_s:
            now_s = self._room.history.now_s
            self._room.pump(lambda: now_s() >= self.wrote_s + pause_s, pause_s)
        self.wrote_s = self._room.history.now_s()

    def expects(self, expected: Expectation, within_s: float | None = None) -> Event:
        """Wait for one more occurrence of what is expected.

        Raises:
            Lacking: the target file does not say how it would look.
            Contradicted: it did not come, although the harness was on time.
            Spoilt: it did not come, and the harness itself was late.
        """
        if lacking := self._undescribed(expected):
            raise lacking
        nth = self.claims[expected] + 1
        deadline = self._room.awaits(lambda: self.is_done_with(expected, nth), within_s)
        if self.seen(expected) < nth:
            raise self.missing(expected, deadline)
        self.claims[expected] = nth
        self._room.ledger.discharge()
        self._room.history.record(self.name, "?", f"saw {expected}")
        self._room.in_the_end(lambda: self._surplus(expected))
        return self.sights(expected)[nth - 1]

    def is_done_with(self, expected: Expectation, times: int = 1) -> bool:
        """Whether it was seen so often, or cannot come any more."""
        return self.seen(expected) >= times or self.client.is_exhausted

    def seen(self, expected: Expectation) -> int:
        """Return how often it was seen so far."""
        return len(self.sights(expected))

    def sights(self, expected: Expectation) -> Sequence[Event]:
        """Return all that was seen of it so far, in order; nothing received is looked at twice."""
        sights, looked_at = self._sights.get(expected, ([], 0))
        sights += filter(expected.matches, self.events[looked_at:])
        self._sights[expected] = sights, len(self.events)
        return sights

    def copies_of(self, text: str) -> int:
        """Return how many copies of a text are in the raw bytes received, in whatever form."""
        return -(-self.client.tally.counts[nonce_of(text)] // nonces_in(text))

    def never_saw(self, text: str) -> None:
        """Check that a text is in no byte received, proved by a fence through its author.

        Raises:
            Contradicted: it is there, or the fence did not come through.
        """
        author = self._room.authors[text]
        self._room.fence(author)
        self._room.ledger.discharge()
        self._room.in_the_end(lambda: self._leak_of(text))
        if leak := self._leak_of(text):
            raise Contradicted(leak)

    def _surplus(self, expected: Expectation) -> str | None:
        """Say that something came more often, or in more copies, than it was expected."""
        sights, times = self.sights(expected), self.claims[expected]
        seen = len(sights) - sum(map(self._room.is_of_the_stop, sights))
        if seen != times:
            return f"{self.name} saw {expected} {seen} times instead of {times}"
        text = expected.text
        if text is None or self._room.authors.get(text) is self:
            return None
        if (copies := self.copies_of(text)) > times:
            return f"{self.name} received {copies} copies of {text} instead of {times}"
        return None

    def _leak_of(self, text: str) -> str | None:
        if not self.copies_of(text):
            return None
        author = self._room.authors[text].name
        return f"{self.name} received the text {text}, which {author} did not send to it"

    def missing(self, expected: Expectation, deadline: Deadline) -> Stopped:
        """Return the verdict on something that did not come before a deadline.

        Was the connection ended by the server, a delay of our own at any time may be the cause.
        """
        if lacking := self._undescribed(expected):
            return lacking
        instead = self._instead(expected, deadline) + self._unmatched(expected)
        sentence = f"{self.name} never saw {expected}: {instead}"
        if self.client.ended:
            return self._room.overdue_since_the_beginning(sentence)
        seen, pump = self.seen(expected), self._room.reactor.pump
        return self._room.overdue(
            sentence,
            deadline,
            lambda again: pump(lambda: self.is_done_with(expected, seen + 1), again),
        )

    def _undescribed(self, expected: Expectation) -> Lacking | None:
        """Return the verdict on what the target file does not describe, if it does not."""
        if any(map(self._room.system.dialect.describes, expected.kinds)):
            return None
        kinds = " or ".join(f"[receive] {kind}" for kind in expected.kinds)
        return Lacking(f"the target file describes no {kinds}")

    def _unmatched(self, expected: Expectation) -> str:
        """Say what was looked for, and what came that no template matched, if anything."""
        if not (unmatched := self.client.unmatched):
            return ""
        looked_for = self._room.system.dialect.shown(expected.kinds, dict(expected.fields))
        last = readable(unmatched.encode()[-UNMATCHED_BYTES:])
        return f"; looked for {looked_for}; no template matched: {last}"

    def _instead(self, expected: Expectation, deadline: Deadline) -> str:
        """Say what came instead, as the report shows it."""
        if self.client.ended:
            return f"its connection had ended ({self.client.ended})"
        if seen := self.seen(expected):
            return f"it came {seen} times, and was expected once more"
        if expected.text and (copies := self.copies_of(expected.text)):
            return (
                f"its text came in another form, {copies} time(s): {self._form_of(expected.text)}"
            )
        if self.client.last_received_s < deadline.began:
            return f"silent for {deadline.budget_s:g} s"
        last = readable(bytes(self.client.received[-120:]))
        return f"it did not come within {deadline.budget_s:g} s; the last that came: {last}"

    def _form_of(self, text: str) -> str:
        received = bytes(self.client.received)
        place = received.find(nonce_of(text).encode())
        return readable(received[max(0, place - 60) : place + len(text.encode()) + 20], 300)
