"""How somebody comes into a room: attempts, refusals, simultaneous claims, proof of admission."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.clients.client import Client, Recogniser
from harness.clients.opening import Opening
from harness.expect import Event, Kind, message
from harness.faults.leaving import preparation
from harness.history import readable
from harness.member import Member
from harness.operations import Outcome, Result, Speech
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
    """Begin to open a connection, made ready for a way of leaving if there is to be one."""
    return Opening(
        room.running.address, room.reactor, preparation(way), room.running.network.socket
    )


def connect(
    room: Room,
    name: str,
    begun: Opening,
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
        client.write(room.system.dialect.encode(pong[0].template.render(event.fields)))


def attempt(room: Room, name: str, way: str = "") -> Attempt:
    """Connect and prepare to join; nothing has been written yet."""
    room.vocabulary.admit(name)
    client = connect(room, name, opening(room, way))
    member = Member(name, client, room)
    room.everyone.append(member)
    steps = room.system.dialect.steps("join") or ()
    return Attempt(member, room.speech(client, steps, {"name": name}))


def admit(room: Room, name: str, way: str = "") -> Member:
    """Let one person in under this very name, who may be meant to leave in a certain way."""
    trying = attempt(room, name, way)
    deadline = room.deadline()
    trying.result = trying.speech.run(deadline)
    if trying.result.outcome is not Outcome.DONE:
        how = f"{name} was not admitted: {explained(trying, trying.result)}"
        raise room.overdue(how, deadline)
    welcome(room, trying)
    return trying.member


def tries(room: Room, name: str) -> Attempt:
    """Try to join under a name that may be refused; return how it went.

    A handshake without any reply is given a moment for the refusal to come.
    """
    trying = attempt(room, name)
    trying.result = trying.speech.run(room.deadline())
    if trying.result.outcome is Outcome.DONE and room.system.dialect.joins_silently:
        room.pump(lambda: trying.is_lost, REFUSAL_S)
    return trying


def claim_at_once(room: Room, name: str, count: int) -> list[Attempt]:
    """Claim one name over several connections while the server is stopped, then let it go on.

    Raises:
        Lacking: nobody claims a name in this dialect.
        Unproven: the claims were not all waiting when the server went on.
    """
    attempts = [attempt(room, name) for _ in range(count)]
    for claim in attempts:
        _advance_to_the_name(room, claim)
    try:
        if not room.running.process.freeze(room.deadline()):
            raise Unproven("the server could not be stopped, so the claims were not simultaneous")
        for claim in attempts:
            claim.speech.take_step(room.deadline())
        clients = [claim.member.client for claim in attempts]
        if not room.pump(lambda: all(map(room.is_behind, clients)), room.limits.observation_s):
            raise Unproven("the claims were not all waiting when the server went on")
    finally:
        room.running.process.thaw()
    for claim in attempts:
        claim.result = claim.speech.run(room.deadline())
    room.pump(lambda: sum(c.is_lost for c in attempts) >= count - 1, room.limits.observation_s)
    return attempts


def welcome(room: Room, succeeded: Attempt) -> None:
    """Take somebody whose attempt succeeded for a member.

    After a handshake without any reply the proof is that the newcomer's own words reach
    all others; nobody else speaks before that.
    """
    newcomer = succeeded.member
    room.members.append(newcomer)
    if room.system.dialect.joins_silently:
        text = newcomer.says()
        room.all_see(message(newcomer, text), room.others(newcomer))


def _advance_to_the_name(room: Room, claim: Attempt) -> None:
    while not claim.speech.is_over:
        if claim.speech.writes_name_next:
            return
        claim.speech.take_step(room.deadline())
    raise Lacking("the target file describes a [send] join in which nobody claims a name")


def explained(trying: Attempt, result: Result) -> str:
    """Say how an attempt that did not succeed went, and what was received."""
    if result.refusal is not None:
        return f"refused with {result.refusal.raw!r}"
    received = readable(bytes(trying.member.client.received[-300:])) or "nothing"
    hope = f" while waiting for {result.waited_for!r}" if result.waited_for else ""
    return f"{result.outcome.value}{hope}; received: {received}"
