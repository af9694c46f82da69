"""The room: who is here, and what happens in it.

Owns the members and their names. Every event goes to hearing, as the line that the wire will
carry and as the record that the log will keep. Pure: no sockets, no threads, no clock; one owner
calls it, so it needs no lock.

Laws: a name belongs to one member at a time (RF-008); a join, a leave or a message is heard by
every member (RF-001, RF-005, RF-011), a private message by its two sides alone (RF-014); after a
leave nothing more comes from that member.
"""

from collections.abc import Iterable
from typing import Generic

from chat import protocol
from chat.hearing import Batch, Hearing
from chat.names import canonical, identity
from chat.protocol import Code
from chat.records import Kind, Listener, Record


class Room(Generic[Listener]):
    """Members are any hashable values: connections in the server, numbers in a test.

    Not safe for two threads. Nothing is delivered here: whoever takes a batch owes its delivery.
    """

    def __init__(self) -> None:
        self._hearing: Hearing[Listener] = Hearing()
        self._names: dict[Listener, str] = {}
        self._holders: dict[str, Listener] = {}
        self._listing: list[bytes] = []  # who is here, as it is told; empty when that has changed

    def __contains__(self, who: object) -> bool:
        return who in self._names

    @property
    def pending_bytes(self) -> int:
        """How much waits to be taken."""
        return self._hearing.pending_bytes

    def join(self, who: Listener, claim: str) -> Code | None:
        """Admit `who` under the claimed name, or say why not."""
        name = canonical(claim)
        if name is None:
            return Code.NAME_INVALID
        if identity(name) in self._holders:
            return Code.NAME_TAKEN
        self._names[who] = name
        self._holders[identity(name)] = who
        self._listing.clear()
        self._note(Kind.JOINED, who)
        self._hearing.admit(who)
        self._hearing.everyone(protocol.joined(name))
        self.list_users(who)
        return None

    def leave(self, who: Listener) -> None:
        """The member is gone, whatever the cause; its name is free at once."""
        self._note(Kind.LEFT, who)
        name = self._names.pop(who)
        del self._holders[identity(name)]
        self._listing.clear()
        self._hearing.dismiss(who)
        self._hearing.everyone(protocol.left(name))

    def say(self, who: Listener, text: str) -> None:
        """Everyone hears it, the sender too."""
        self._note(Kind.MESSAGE, who, text=text)
        self._hearing.everyone(protocol.said(self._names[who], text))

    def tell(self, who: Listener, recipient: str, text: str) -> None:
        """One member hears it, and the sender that it was passed on; or the sender an error."""
        name = canonical(recipient)
        holder = self._holders.get(identity(name)) if name else None
        if holder is None:
            self.fault(who, Code.UNKNOWN_RECIPIENT)
            return
        known_as = self._names[holder]
        self._note(Kind.PRIVATE, who, known_as, text)
        self._hearing.one(holder, protocol.told(self._names[who], text))
        self._hearing.one(who, protocol.told_copy(known_as, text))

    def list_users(self, who: Listener) -> None:
        """Tell `who` the names of all members, the earliest first."""
        self._listing = self._listing or list(protocol.users(self._names.values()))
        for line in self._listing:
            self._hearing.one(who, line)

    def fault(self, who: Listener, code: Code) -> None:
        """Tell `who`, member or not, of an error that concerns nobody else."""
        self._hearing.one(who, protocol.error(code))

    def close(self, strangers: Iterable[Listener]) -> None:
        """Tell everyone, those without a name too, that the server stops.

        All go, and nobody hears of it but the log (8).
        """
        self._hearing.everyone(protocol.closing())
        for who in strangers:
            self._hearing.one(who, protocol.closing())
        for who in self._names:
            self._note(Kind.LEFT, who)
            self._hearing.dismiss(who)
        self._names.clear()
        self._holders.clear()

    def take(self) -> Batch[Listener] | None:
        """What waits to be delivered, once."""
        return self._hearing.take()

    def _note(
        self, kind: Kind, who: Listener, recipient: str | None = None, text: str | None = None
    ) -> None:
        self._hearing.note(Record(kind, who, self._names[who], recipient, text))
