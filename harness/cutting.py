"""Connections that break at a certain byte, of somebody who does all that one does in a room.

The golden session: come in, speak, tell one person something, ask who is here, go. It has the same
number of bytes each time, there and back, so each of them can be the last that gets through. What
came before may have happened, and nothing else; whoever stays must not notice more than that
somebody came and went.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from harness import entering
from harness.expect import Kind, joined, left
from harness.faults.link.cut import Cut
from harness.faults.link.fault import Close
from harness.faults.link.link import Link
from harness.member import Member
from harness.verdict import Lacking, Unproven

if TYPE_CHECKING:
    from harness.room import Room

Where = Literal["upstream", "downstream"]
BOTH: tuple[Where, ...] = ("upstream", "downstream")
LISTS, NOTICES = (Kind.USERS, Kind.USER), (Kind.JOINED, Kind.LEFT)
TORN = 4
"""So many letters of a text show that it is torn: what holds all of it is no unexplained piece."""


@dataclass(slots=True)
class Session:
    """One golden session, over a line of its own. ``text`` is for all, ``secret`` for one."""

    room: Room
    member: Member = field(init=False)
    link: Link = field(init=False)
    text: str = field(init=False)
    secret: str = field(init=False)

    def __post_init__(self) -> None:
        """Connect; nothing has been written yet."""
        name = self.room.vocabulary.name("mar")
        client = entering.connect(self.room, name, entering.line(self.room))
        self.member, self.link = Member(name, client, self.room), self.room.lines.links[-1]
        self.text, self.secret = self.room.vocabulary.nonce(), self.room.vocabulary.nonce()

    def perform(self) -> None:
        """Do all that the target has an operation for, as far as the connection lets it come."""
        client, (ana, bia) = self.member.client, self.room.members
        self._take("join", lambda: bool(ana.seen(joined(self.member))))
        self._take("message", lambda: bool(ana.copies_of(self.text) and bia.copies_of(self.text)))
        self._take("private", lambda: bool(ana.copies_of(self.secret)))
        self._take("users", lambda: any(map(client.has, LISTS)))
        client.closes_with_the_other = True
        self._take("quit", lambda: not client.is_open)
        client.close()

    def _take(self, operation: str, is_done: Callable[[], bool]) -> None:
        member, room = self.member, self.room
        steps = room.system.dialect.steps(operation)
        if steps is None or not member.client.is_open:
            return
        ana = room.members[0]
        text = self.secret if operation == "private" else self.text
        values = {"name": member.name, "to": ana.name, "to.id": ana.given.get("id", "")}
        speech = room.speech(member.client, steps, {**values, **member.given, "text": text})
        speech.run(room.deadline())
        member.given |= speech.given
        room.pump(lambda: is_done() or not member.client.is_open, room.limits.observation_s)


def lengths(room: Room) -> dict[Where, int]:
    """Return how many bytes a session has that nothing breaks, each way."""
    session = Session(room)
    session.perform()
    link = session.link
    return {"upstream": link.upstream.came_bytes, "downstream": link.downstream.came_bytes}


@dataclass(slots=True)
class Breaks:
    """Sessions that break, one after the other, before those who are in the room at first."""

    room: Room
    where: Where
    how: Close
    witnesses: Sequence[Member] = field(init=False)
    sessions: list[Session] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with those who are here."""
        self.witnesses = list(self.room.members)

    def survive(self, places: Sequence[int]) -> None:
        """Let a session break after each of these bytes; then the others must hear each other.

        Raises:
            Contradicted: they do not, or got what was never said to its end, or anything twice.
            Unproven: a connection did not break where it should.
        """
        room = self.room
        for place in places:
            self._break_after(place)
            room.round()
            room.ledger.discharge()
        for member in self.witnesses:
            room.judge(lambda m=member: _twice_at(m, self.sessions))  # type: ignore[misc]
            if room.promises.framed:
                room.judge(lambda m=member: _torn_at(room, m, self.sessions))  # type: ignore[misc]

    def are_told(self) -> None:
        """Check that whoever was told of a coming is told of the going.

        Raises:
            Contradicted: somebody is not.
            Lacking: the target file does not say how it would look.
            Unproven: no connection broke.
        """
        if not self.sessions:
            raise Unproven("no connection broke")
        _require_described(self.room, *NOTICES)
        self.room.awaits_in_time("a notice", self._all_are_told, self.room.limits.notice_s)
        for member in self.witnesses:
            self.room.judge(lambda m=member: _still_here(m, self.sessions))  # type: ignore[misc]

    def _all_are_told(self) -> bool:
        return not any(_still_here(member, self.sessions) for member in self.witnesses)

    def _break_after(self, place: int) -> None:
        room, session, cut = self.room, Session(self.room), Cut(after_bytes=place, how=self.how)
        getattr(session.link, self.where).add(cut)
        session.perform()
        if not room.pump(lambda: cut.evidence() is not None, room.limits.observation_s):
            raise Unproven(f"{cut!r} {self.where} left no evidence")
        self.sessions.append(session)
        room.history.record(session.member.name, "?", f"{self.where}: {cut.proof()}")


def _require_described(room: Room, *kinds: Kind) -> None:
    for kind in kinds:
        if not room.system.dialect.describes(kind):
            raise Lacking(f"the target file describes no [receive] {kind}")


def _still_here(member: Member, sessions: Sequence[Session]) -> str | None:
    """Say whose coming and going were not told equally often."""
    for session in sessions:
        came, went = member.seen(joined(session.member)), member.seen(left(session.member))
        if came != went:
            times = f"come {came} and go {went} time(s)"
            return f"{member.name} saw {session.member.name}, whose connection broke, {times}"
    return None


def _twice_at(member: Member, sessions: Sequence[Session]) -> str | None:
    """Say what a member was told twice."""
    for session in sessions:
        for notice in (joined(session.member), left(session.member)):
            if (times := member.seen(notice)) > 1:
                return f"{member.name} saw {notice} {times} times"
        for text in (session.text, session.secret):
            if (times := member.copies_of(text)) > 1:
                return f"{member.name} received {times} copies of {text}"
    return None


def _torn_at(room: Room, member: Member, sessions: Sequence[Session]) -> str | None:
    """Say what a member received of a line that had no end."""
    ghosts = room.system.dialect.loosely(*NOTICES)
    begun = [text[:TORN] for s in sessions for text in (s.text, s.secret)]
    for piece in member.client.unexplained:
        if any(map(piece.__contains__, begun)) or any(ghost.search(piece) for ghost in ghosts):
            return f"{member.name} received what was never said to its end: {piece.strip()!r}"
    return None
