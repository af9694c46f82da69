"""A crowd: very many people, of whom only what is told to all matters.

They come in batches, so that a server tells of many arrivals at once; ordinary members of the room
see who has come. ``members`` are those who are in it now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import TYPE_CHECKING

from harness import departing, entering
from harness.clients.bystander import Bystander
from harness.clients.client import Recogniser
from harness.clients.opening import Opening
from harness.deadline import Deadline
from harness.entering import Attempt, explained
from harness.expect import Kind
from harness.member import Member
from harness.operations import Outcome
from harness.verdict import Lacking, Unproven

if TYPE_CHECKING:
    from harness.room import Room

SILENT_S = 60.0
"""So long somebody in a crowd may have to be silent while the others come in."""
BATCH = 100
"""So many come together, so that a server can tell of many arrivals in one."""
FEW = 25
"""So many come and go together: few, for what memory is cached for grows with the most at once."""
SHORTEST_QUEUE = 5
"""The shortest queue of connections in common use."""
TOGETHER = 2
"""The least number of connections that can be simultaneous."""
AT_ONCE = ("quit", "fin", "rst", "killed", "killed-unread")
"""The ways of leaving that a server can notice at once, so that very many can leave in them."""
QUEUE_S = 0.2
"""How long connections are given to find a place in the queue of a server."""
NAMED_IN_A_REASON = 3


@dataclass(slots=True, repr=False)
class Crowd:
    """The people of one crowd, in one room."""

    room: Room
    members: list[Member] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    attention: Callable[[], Recogniser] = field(init=False)

    def __post_init__(self) -> None:
        """Let all of them share what they look out for."""
        self.attention = self.room.system.dialect.inattentive(self.room.vocabulary)

    def grows(self, count: int) -> None:
        """Let so many more come in, and see them admitted.

        Raises:
            Lacking: the target says that it does not take so many clients.
            Contradicted: somebody was refused, or was not admitted in time.
        """
        require_seats(self.room, count + len(self.room.members) + len(self.members))
        for size in _batches(count, BATCH):
            coming: list[Attempt] = []
            for _ in range(size):
                if coming and not self._has_room_for_one_more():
                    self.enter(coming)
                    coming = []
                coming.append(self.approach(entering.opening(self.room)))
            self.enter(coming)

    def bursts_in(self, count: int) -> None:
        """Let so many connect at the same moment, while the server is stopped, and come in.

        What its queue has no place for never reaches a server: the kernel turns it away, or lets it
        wait. So those people give up and come again, one after the other: that is judged as well.

        Raises:
            Lacking: the target says that it does not take so many clients.
            Unproven: it was not the same moment.
            Contradicted: somebody was refused, or not admitted in time.
        """
        require_seats(self.room, count + len(self.room.members) + len(self.members))
        queued = self._begin_at_once(count)
        self.enter([self.approach(each) for each in queued])
        self.grows(count - len(queued))

    def turns_over(self, count: int) -> None:
        """Let so many come and go, each batch in the next of the ways in ``AT_ONCE``.

        Raises:
            Unproven: there is no evidence that somebody left in the way meant.
            Contradicted: somebody was not admitted, or its departure not told, in time.
        """
        for size, way in zip(_batches(count, FEW), cycle(AT_ONCE), strict=False):
            self.grows(size)
            people = list(self.members)
            for member in people:
                if way == "quit":
                    departing.say_goodbye(self.room, member)
                else:
                    departing.vanish(self.room, member.client, way)
            self._see(people, Kind.LEFT, self.room.deadline())
            self.leave()

    def approach(self, begun: Opening) -> Attempt:
        """Connect one person, who has not written anything yet."""
        room = self.room
        name = room.vocabulary.name("mar")
        client = entering.connect(room, name, begun, Bystander, self.attention())
        member = Member(name, client, room)
        room.crowd.append(member)
        steps = room.system.dialect.steps("join") or ()
        return Attempt(member, room.speech(client, steps, {"name": name}))

    def enter(self, coming: Sequence[Attempt]) -> None:
        """Let those who have connected come in, each as soon as the server lets it go on.

        A server that lets in one after the other asks the second for its name when it has that
        of the first, so nobody waits for anybody else.

        Raises:
            Contradicted: somebody was refused, or was not admitted in time.
        """
        deadline = self.room.deadline()
        while pending := [each for each in coming if not each.speech.is_over]:
            for each in entering.ready(self.room, pending, deadline) or pending[:1]:
                each.result = each.speech.take_step(deadline)
                if each.result.outcome is not Outcome.DONE:
                    how = explained(each.member, each.result)
                    raise self.room.overdue(f"{each.member.name} was not admitted: {how}", deadline)
        self._see([each.member for each in coming], Kind.JOINED, deadline)
        for each in coming:
            assert isinstance(each.member.client, Bystander)
            each.member.client.is_idle = not self.room.system.dialect.describes(Kind.PING)
            each.member.given = each.speech.given
            self.members.append(each.member)

    def leave(self) -> None:
        """Let all of them go: they close their connections at the same moment."""
        for member in self.members:
            member.client.close()
        self.members.clear()

    def hears(self, text: str) -> None:
        """Check that a text reaches every one of them exactly once, now and in the end.

        Raises:
            Contradicted: it does not.
        """
        room, deadline, people = self.room, self.room.deadline(), list(self.members)
        room.in_the_end(lambda: _not_once(text, people))
        if not room.reactor.pump(lambda: all(m.copies_of(text) for m in people), deadline):
            raise room.overdue(_not_once(text, people) or "", deadline)
        room.ledger.discharge()

    def _has_room_for_one_more(self) -> bool:
        """Wait until few others wait to be accepted: whom a full queue turns away loses a second.

        Returns False where the server takes nobody more before those who wait have come in.
        """
        running = self.room.running
        return self.room.pump(
            lambda: running.network.knocking(running.address) < SHORTEST_QUEUE, QUEUE_S
        )

    def _begin_at_once(self, count: int) -> list[Opening]:
        room, process = self.room, self.room.running.process
        begun: list[Opening] = []
        try:
            if not process.freeze(room.deadline()):
                raise Unproven("the server could not be stopped, so it was not the same moment")
            begun += [entering.opening(room) for _ in range(count)]
            room.pump(lambda: all(each.is_over for each in begun), QUEUE_S)
            queued = [each for each in begun if each.is_over]
        finally:
            for each in begun:
                if not each.is_over:
                    each.close()
            process.thaw()
        room.history.record("room", "?", f"{len(queued)} of {count} waited for the server at once")
        if len(queued) < TOGETHER:
            raise Unproven("no two connections were waiting when the server went on")
        return queued

    def _see(self, people: Sequence[Member], kind: Kind, deadline: Deadline) -> None:
        """Wait until all ordinary members have had a notice of each, if any is described."""
        room = self.room
        if not room.system.dialect.describes(kind):
            return
        names = {member.name for member in people}

        def unseen() -> set[str]:
            missing = set()
            for observer in room.members:
                new = observer.events[self.places.get(observer.name, 0) :]
                missing |= names.difference(e.fields.get("name", "") for e in new if e.kind is kind)
            return missing

        if not room.reactor.pump(lambda: not unseen(), deadline):
            missing = sorted(unseen())
            sentence = f"{len(missing)} of {len(names)} notices “{kind}” did not reach everybody"
            raise room.overdue(f"{sentence}, such as that of {missing[0]}", deadline)
        self.places = {observer.name: len(observer.events) for observer in room.members}


def _batches(count: int, most: int) -> Iterator[int]:
    """Yield the sizes of the batches, of at most so many, that make up ``count``."""
    return (min(most, count - done) for done in range(0, count, most))


def require_seats(room: Room, count: int) -> None:
    """Require that the target does not say that it takes fewer clients, or sends them away soon.

    Raises:
        Lacking: it does.
    """
    most, idle_s = room.promises.limits.clients, room.promises.limits.idle_s
    if idle_s is not None and idle_s < SILENT_S:
        silence = f"who is silent for {idle_s:g} s may be sent away"
        raise Lacking(f"the target file says that {silence}, and a crowd is silent for longer")
    if most is not None and most < count:
        raise Lacking(f"the target file says that there are at most {most} clients, not {count}")


def _not_once(text: str, people: Sequence[Member]) -> str | None:
    copies = {member.name: member.copies_of(text) for member in people}
    wrong = {name: count for name, count in copies.items() if count != 1}
    if not wrong:
        return None
    shown = ", ".join(f"{n} {c}" for n, c in islice(wrong.items(), NAMED_IN_A_REASON))
    return f"{len(wrong)} of {len(people)} did not receive one copy of {text}: {shown}"
