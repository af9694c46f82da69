"""Who hears what, of the batch under way.

Owns the lines that wait to be delivered, and for whom; and, beside the bytes, what is to be logged
before they are. Most members hear the same: they share one
list, joined once. A member that hears anything else (a private message, an answer) gets a list of
its own from then on. Pure: no sockets, no threads, no clock.

Law: every member hears the public lines in the same order, each once, from its admission to its
dismissal; a stranger hears only what is said to it alone.
"""

from dataclasses import dataclass
from typing import Generic

from chat.records import Listener, Record


@dataclass(frozen=True, slots=True)
class Batch(Generic[Listener]):
    """One round of deliveries: what everybody heard, and the exact bytes for each listener.

    The records are of what happened in it, in its order.
    """

    records: list[Record[Listener]]
    public: bytes
    shares: list[tuple[Listener, bytes]]


class Hearing(Generic[Listener]):
    """The audience, and what it has still to hear."""

    def __init__(self) -> None:
        self._members: dict[Listener, None] = {}
        self._public: list[bytes] = []
        self._own: dict[Listener, list[bytes]] = {}
        self._asides: dict[Listener, list[bytes]] = {}
        self._records: list[Record[Listener]] = []
        self.pending_bytes = 0

    def admit(self, listener: Listener) -> None:
        """From now on the listener hears what everyone hears."""
        self._members[listener] = None
        self._own[listener] = self._asides.pop(listener, [])

    def dismiss(self, listener: Listener) -> None:
        """The listener hears no more than what it was already due."""
        if due := self._own_list(listener):
            self._asides[listener] = due
        del self._own[listener], self._members[listener]

    def everyone(self, line: bytes) -> None:
        """Every member hears this line."""
        self.pending_bytes += len(line)
        self._public.append(line)
        for lines in self._own.values():
            lines.append(line)

    def one(self, listener: Listener, line: bytes) -> None:
        """This listener alone hears this line."""
        self.pending_bytes += len(line)
        if listener in self._members:
            self._own_list(listener).append(line)
        else:
            self._asides.setdefault(listener, []).append(line)

    def note(self, record: Record[Listener]) -> None:
        """This is to be logged before anything that waits is delivered."""
        self._records.append(record)

    def take(self) -> Batch[Listener] | None:
        """All that waits, once; None if nothing does."""
        if not (self._public or self._own or self._asides or self._records):
            return None
        records = self._records
        public = b"".join(self._public)
        shares = [(who, b"".join(lines)) for who, lines in self._asides.items()]
        shares += [(who, b"".join(lines)) for who, lines in self._own.items()]
        if public:
            shares += [(who, public) for who in self._members if who not in self._own]
        self._public, self._own, self._asides, self._records = [], {}, {}, []
        self.pending_bytes = 0
        return Batch(records, public, shares)

    def _own_list(self, member: Listener) -> list[bytes]:
        if member not in self._own:
            self._own[member] = self._public.copy()
        return self._own[member]
