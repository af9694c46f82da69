"""How somebody comes into a room: attempts, refusals, simultaneous claims, proof of admission."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.clients.client import Client, Opens, Recogniser
from harness.clients.opening import Opening
from harness.deadline import Deadline
from harness.expect import Event, Kind, message
from harness.faults.leaving import preparation
from harness.history import readable
from harness.linked import LinkedOpening
from harness.member import Member
from harness.operations import Outcome, Result, Speech
from harness.simultaneous import require_waiting, stopped
from harness.verdict import Contradicted, Lacking, Unproven

if TYPE_CHECKING:
    from harness.room import Room

REFUSAL_S = 1.0
"""How long a refusal is waited for after a handshake without any reply."""


@dataclass(slots=True)
class Attempt:
    """One attempt to join under a name."""

    member: Member
    speech: Speech
    result: Result | None = None

    @property
    def refused(self) -> Event | None:
        """The refusal, if the server refused the name."""
        return self.speech.refusal()

    @property
    def is_lost(self) -> bool:
        """Whether it was refused, or its connection has ended."""
        return self.refused is not None or not self.member.client.is_open


def opening(room: Room, way: str = "") -> Opening:
    """Begin to open a connection of our own, made ready for a way of leaving if there is one."""
    return Opening(
        room.running.address, room.reactor, preparation(way), room.running.network.socket
    )


def begin(room: Room, way: str = "") -> Opens:
    """Begin to open a connection: carried, if the profile of the run puts faults on each."""
    return line(room) if room.lines.profile else opening(room, way)


def line(room: Room) -> LinkedOpening:
    """Begin to open a connection that is carried, so that faults can be put on it."""
    return room.lines.lay(opening(room), room.reactor, room.running.network)


def connect(
    room: Room,
    name: str,
    begun: Opens,
    kind: type[Client] = Client,
    recogniser: Recogniser | None = None,
) -> Client:
    """Take a connection over for one person as soon as it is open.

    Unless it is given another recogniser, it recognises all that the dialect describes.

    Raises:
        Contradicted: the server did not accept it.
    """
    deadline = room.deadline()
    recogniser = recogniser or room.system.dialect.recogniser(room.vocabulary)
    try:
        client = kind.connect(name, begun, recogniser, room.reactor, room.history, deadline)
    except OSError as error:
        sentence = f"{name} could not connect: {error.strerror}"
        if error.errno == errno.ETIMEDOUT:
            raise room.overdue(sentence, deadline) from None
        raise Contradicted(sentence) from None
    client.on_event = lambda client, event: _answer(room, client, event)
    return client


def _answer(room: Room, client: Client, event: Event) -> None:
    """Answer a ping at once, as every client of such a protocol does."""
    pong = room.system.dialect.steps("pong")
    if event.kind is Kind.PING and pong and client.is_open:
        client.write(room.system.dialect.encode(pong[0].template.written(event.fields)))


def attempt(room: Room, name: str, begun: Opens | None = None) -> Attempt:
    """Connect and prepare to join; nothing has been written yet."""
    _require_a_seat(room)
    room.vocabulary.admit(name)
    client = connect(room, name, begun or begin(room))
    member = Member(name, client, room)
    room.everyone.append(member)
    steps = room.system.dialect.steps("join") or ()
    return Attempt(member, room.speech(client, steps, {"name": name}))


def _require_a_seat(room: Room) -> None:
    """Require that the target does not say that it takes no more clients than there are."""
    most, people = room.promises.limits.clients, (*room.everyone, *room.crowd)
    if most is not None and sum(member.client.is_open for member in people) >= most:
        raise Lacking(f"the target file says that there are at most {most} clients")


def admit(room: Room, name: str, begun: Opens | None = None) -> Member:
    """Let one person in under this very name, over a connection of its own if one is given."""
    trying = attempt(room, name, begun)
    profile = room.lines.profile
    greeting = _greet(room, trying) if profile and profile.greets else None
    deadline = room.deadline()
    trying.result = trying.speech.run(deadline)
    if trying.result.outcome is not Outcome.DONE:
        how = f"{name} was not admitted: {explained(trying.member, trying.result)}"
        raise room.overdue(how, deadline)
    welcome(room, trying)
    if greeting:
        room.all_see(message(trying.member, greeting), room.others(trying.member))
    return trying.member


def admit_to_leave(room: Room, name: str, way: str) -> Member:
    """Let one person in who will leave in this way, with nothing of its coming still under way.

    It has heard somebody else: a server that is still telling it of itself would learn of its
    leaving by a write that fails, and not by what this way does. Who is killed cannot read on, as
    who hangs up does, and has been heard as well: for that its server has read on.
    """
    newcomer = admit(room, name, begin(room, way))
    if others := room.others(newcomer):
        for speaker in (newcomer, others[0]) if way == "killed" else others[:1]:
            room.all_see(message(speaker, speaker.says()), room.others(speaker))
    return newcomer


def _greet(room: Room, trying: Attempt) -> str | None:
    """Let a newcomer speak right after the last thing that it writes to come in.

    Returns the text; None where it comes in without waiting for anything, and so does it anyway.
    """
    speech, says = trying.speech, room.system.dialect.steps("message") or ()
    if room.system.dialect.joins_silently:
        return None
    last = max(n for n, step in enumerate(speech.steps) if not step.waits)
    text = trying.member.plans_to_say()
    room.lines.greetings.add(text)
    speech.steps = [*speech.steps[: last + 1], *says, *speech.steps[last + 1 :]]
    speech.values = {**speech.values, "text": text}
    return text


def tries(room: Room, name: str) -> Attempt:
    """Try to join under a name that may be refused; return how it went.

    A handshake without any reply is given a moment for the refusal to come.
    """
    trying = attempt(room, name)
    trying.result = trying.speech.run(room.deadline())
    if trying.result.outcome is Outcome.DONE and room.system.dialect.joins_silently:
        room.awaits_in_time("a refusal", lambda: trying.is_lost, REFUSAL_S)
    return trying


def claim_at_once(room: Room, name: str, count: int) -> list[Attempt]:
    """Claim one name over several connections while the server is stopped, then let it go on.

    Raises:
        Lacking: nobody claims a name in this dialect.
        Unproven: the claims were not all waiting when the server went on.
    """
    attempts = [attempt(room, name) for _ in range(count)]
    claiming = _advance_to_the_name(room, attempts)
    with stopped(room, "the claims were not simultaneous"):
        for claim in claiming:
            claim.speech.take_step(room.deadline())
        require_waiting(room, [claim.member.client for claim in claiming], "the claims")
    deadline = room.deadline()
    _take_the_steps_left(room, attempts, deadline)
    room.pump(lambda: sum(c.is_lost for c in attempts) >= count - 1, room.limits.observation_s)
    _require_answers(room, attempts, deadline)
    if len(claiming) == 1 and sum(not claim.is_lost for claim in attempts) == 1:
        raise Unproven("the server asks for one name after the other, so no two were simultaneous")
    return attempts


def ready(room: Room, attempts: Sequence[Attempt], deadline: Deadline) -> list[Attempt]:
    """Wait until somebody's next step would not wait; return all of whom this is so."""
    found: list[Attempt] = []

    def look() -> bool:
        found[:] = [each for each in attempts if each.speech.may_go_on]
        return bool(found)

    room.reactor.pump(look, deadline)
    return found


def welcome(room: Room, succeeded: Attempt) -> None:
    """Take somebody whose attempt succeeded for a member.

    After a handshake without any reply the proof is that the newcomer's own words reach
    all others; nobody else speaks before that.
    """
    newcomer = succeeded.member
    newcomer.given = succeeded.speech.given
    room.members.append(newcomer)
    if room.system.dialect.joins_silently:
        text = newcomer.says()
        room.all_see(message(newcomer, text), room.others(newcomer))


def _advance_to_the_name(room: Room, attempts: Sequence[Attempt]) -> list[Attempt]:
    """Take everybody's steps before the one that claims the name; return who has come so far.

    A server may well ask nobody for a name before it has that of somebody else.
    """
    deadline = room.deadline()
    while behind := [a for a in attempts if not (a.is_lost or a.speech.writes_name_next)]:
        if not (able := ready(room, behind, deadline)):
            break
        for each in able:
            each.speech.take_step(deadline)
            if each.speech.is_over:
                problem = "the target file describes a [send] join in which nobody claims a name"
                raise Lacking(problem)
    claiming = [each for each in attempts if each.speech.writes_name_next and not each.is_lost]
    if not claiming:
        raise room.overdue("nobody who connected came so far as to give a name", deadline)
    return claiming


def _take_the_steps_left(room: Room, attempts: Sequence[Attempt], deadline: Deadline) -> None:
    """Let each go on as soon as the server lets it, until nobody can."""
    while going := [each for each in attempts if not (each.speech.is_over or each.is_lost)]:
        if not (able := ready(room, going, deadline)):
            return
        for each in able:
            each.result = each.speech.take_step(deadline)


def _require_answers(room: Room, attempts: Sequence[Attempt], deadline: Deadline) -> None:
    """Require that each claim was granted or refused.

    Raises:
        Contradicted: somebody got no answer, although the harness was on time.
        Lacking: it was answered in words that the target file does not describe.
    """
    waiting = [each for each in attempts if not (each.speech.is_over or each.is_lost)]
    if waiting:
        if answers := [a for each in waiting for a in each.member.client.unexplained]:
            problem = "which the target file does not describe as a refusal"
            raise Lacking(f"a name in use was answered with {answers[-1][:200]!r}, {problem}")
        admitted = sum(each.speech.is_over and not each.is_lost for each in attempts)
        sentence = (
            f"of {len(attempts)} simultaneous claims of one name {admitted} were granted, "
            f"and {len(waiting)} got no answer"
        )
        raise room.overdue(sentence, deadline)


def explained(member: Member, result: Result) -> str:
    """Say how an operation that did not succeed went, and what was received."""
    if result.refusal is not None:
        return f"refused with {result.refusal.raw!r}"
    received = readable(bytes(member.client.received[-300:])) or "nothing"
    hope = f" while waiting for {result.waited_for!r}" if result.waited_for else ""
    return f"{result.outcome.value}{hope}; received: {received}"
