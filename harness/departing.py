"""How somebody leaves a room, in every way, and how those who stay hear of it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.clients.client import Client
from harness.deadline import Deadline
from harness.expect import left, message
from harness.faults.leaving import WAYS
from harness.faults.surroundings import Surroundings
from harness.member import Member
from harness.simultaneous import require_waiting, stopped
from harness.verdict import Contradicted, Unproven

if TYPE_CHECKING:
    from harness.room import Room

EVERY_WAY = ("quit", *WAYS)
Words = tuple[Member, str, float]
"""Who said what, and when."""
MUCH_BYTES = 32_768
"""How much is said at once to fill the connection of somebody who does not read."""
BLOCKED_S = 1.0
"""A target that reads nothing for so long is not given more, and no more is read of it."""
ENDING_S = 1.0
"""A server whose connections have ended is waited for so long, for it may be ending itself."""
PACE_S = 0.2
"""How often somebody speaks while the removal of a silent client is waited for."""


@dataclass(slots=True)
class Departure:
    """One member's leaving: how, when it began, what proves that it bit.

    ``limit_s`` is the limit for its notices, counted from ``began_s``. ``words`` is what others
    said to fill its connection, and until they were told of a silent departure.
    """

    member: Member
    way: str
    limit_s: float
    began_s: float
    screen_mark: int
    evidence: str = ""
    notices_s: dict[str, float] = field(default_factory=dict)
    words: list[Words] = field(default_factory=list)

    @property
    def is_silent(self) -> bool:
        """Whether nothing on the wire says that somebody has gone."""
        return self.way in WAYS and WAYS[self.way].is_silent

    def let_go(self) -> None:
        """End our half, unless that would say what a silent departure does not say."""
        if not self.is_silent:
            self.member.client.depart()


def leave(room: Room, member: Member, way: str) -> Departure:
    """Let a member leave in one of ``EVERY_WAY``; return once it is proved that it bit.

    Raises:
        Lacking: the target has no command to quit.
        Unproven: there is no evidence that the fault bit.
    """
    room.members.remove(member)
    limit_s = getattr(room.limits, WAYS[way].limit) if way in WAYS else room.limits.notice_s
    departure = Departure(member, way, limit_s, room.history.now_s(), room.screen.mark())
    if way == "quit":
        say_goodbye(room, member)
        departure.began_s = member.wrote_s
        departure.evidence = "the command to quit was sent"
        room.history.record(member.name, "=", f"left by quit: {departure.evidence}")
    else:
        departure.evidence = _put(room, member.client, way, lambda: _say_much(room, departure))
    if departure.is_silent:
        departure.began_s = room.history.now_s()  # nobody could know of it any sooner
    return departure


def say_goodbye(room: Room, member: Member) -> None:
    """Perform the command to quit; when the target closes the connection, so does the client.

    Raises:
        Lacking: the target has none.
    """
    member.client.closes_with_the_other = True
    room.perform(member, "quit", {"name": member.name})


def leave_while_written_to(
    room: Room, members: Sequence[Member], way: str
) -> tuple[list[Departure], list[Words]]:
    """Let members leave while the target, which was stopped, has messages to write to them.

    Everybody else has spoken before the target goes on, so at least the first of what it writes
    goes to connections that are no more, unless they end in order. Returns the departures and what
    was said.

    Raises:
        Unproven: the messages were not waiting when the target went on.
    """
    gone = list(members)
    staying = [member for member in room.members if member not in gone]
    said: list[tuple[Member, str]] = []
    with stopped(room, "nothing was under way"):
        for speaker in staying:
            said.append((speaker, speaker.writes()))
        require_waiting(room, [member.client for member in staying], "the messages")
        departures = [leave(room, member, way) for member in gone]
    thawed_s = room.history.now_s()
    for departure in departures:
        departure.began_s = thawed_s
    return departures, [(speaker, text, thawed_s) for speaker, text in said]


def vanish(room: Room, client: Client, way: str) -> str:
    """Let a connection without a name end without a word; return the evidence that it bit.

    Raises:
        Unproven: there is none.
        Contradicted: there is none, because the server has ended by itself.
    """
    return _put(room, client, way, lambda: 0)


def hang_up(room: Room, client: Client) -> None:
    """Let a connection end in order, of which nothing is claimed.

    A close with something unread would be a reset, of which a server may die that has not been
    judged for one. So all is read, until the server has closed its end as well, or does not.
    """
    if client.is_open:
        room.pump(client.catch_up, room.limits.observation_s)
    if client.is_open:
        with suppress(OSError):  # it has been ended in this moment
            client.socket.shutdown(socket.SHUT_WR)
        room.pump(lambda: client.ended is not None, BLOCKED_S)
    client.close()


def _put(room: Room, client: Client, way: str, say_much: Callable[[], int]) -> str:
    budget_s = max(getattr(room.limits, WAYS[way].limit), room.limits.observation_s)
    try:
        evidence = WAYS[way].act(client, _surroundings(room, client, say_much, budget_s))
    except Unproven as why:
        if room.pump(lambda: room.running.process.status is not None, ENDING_S):
            how = f"{client.name} could not leave by {way}: {why.reason}"
            raise Contradicted(f"the server has ended: {how}") from None
        raise
    room.history.record(client.name, "=", f"left by {way}: {evidence}")
    return evidence


def hears_of(room: Room, departure: Departure) -> None:
    """Check that every survivor is told once of a departure.

    What arrives only after survivors have spoken is a late notice, a finding of its own, unless
    nothing but speaking could show that somebody has gone; ``departure.notices_s`` has the
    seconds each notice took.

    Raises:
        Contradicted: somebody was never told.
    """
    expected = left(departure.member)
    survivors = list(room.members)

    def is_told(member: Member) -> bool:
        return member.seen(expected) > member.claims[expected]

    def all_told() -> bool:
        return all(map(is_told, survivors))

    deadline = room.deadline(max(departure.limit_s, room.limits.observation_s))
    if departure.is_silent:
        _speak_until(room, departure, all_told, deadline)
    elif not room.reactor.pump(all_told, deadline):
        _speak_up(room, departure)
        if room.pump(all_told, room.limits.notice_s):
            detail = f"the notice of {departure.member.name} came only after survivors had spoken"
            room.finding("late-notice", detail)
    for survivor in survivors:
        if not is_told(survivor):
            raise survivor.missing(expected, deadline)
        event = survivor.expects(expected)
        departure.notices_s[survivor.name] = max(0.0, event.at_s - departure.began_s)
    departure.let_go()


def _say_much(room: Room, departure: Departure) -> int:
    """Let survivors say some long texts by turns, and hear them; return the number of bytes.

    Less of it, when a target without framing has not even read what was said before. They are
    heard, because whoever does not read would be taken for stalled, too; nothing is claimed of it.
    """
    said_bytes = 0
    while said_bytes < MUCH_BYTES:
        client = _next_speaker(room, departure).client
        if not room.promises.framed and not room.pump(_is_idle(room, client), BLOCKED_S):
            break
        said_bytes += len(_speak(room, departure)[1])
    for speaker, text, _ in departure.words[-1:]:
        others, heard = room.others(speaker), message(speaker, text)
        room.pump(lambda by=others, it=heard: all(m.seen(it) for m in by), BLOCKED_S)  # type: ignore[misc]
    return said_bytes


def _is_idle(room: Room, client: Client) -> Callable[[], bool]:
    return lambda: not room.is_behind(client)


def _next_speaker(room: Room, departure: Departure) -> Member:
    return room.members[len(departure.words) % len(room.members)]


def _speak(room: Room, departure: Departure) -> Words:
    """Let the survivor whose turn it is say as much as the target takes in one text."""
    speaker = _next_speaker(room, departure)
    text = room.vocabulary.long_text(room.promises.longest_text_bytes)
    words = (speaker, text, room.history.now_s())
    departure.words.append(words)
    speaker.says(text)
    return words


def _speak_until(
    room: Room, departure: Departure, told: Callable[[], bool], deadline: Deadline
) -> None:
    """Let survivors speak by turns, at a bounded pace, until they are told of a departure.

    Whoever is not heard any more is not made to speak again.
    """
    while not told() and not deadline.passed:
        speaker, text, _ = _speak(room, departure)
        heard, others = message(speaker, text), room.others(speaker)
        pause = Deadline.after(PACE_S)
        room.reactor.pump(lambda until=pause: told() or until.passed, deadline)  # type: ignore[misc]
        room.reactor.pump(
            lambda said=heard, by=others: told() or all(m.seen(said) for m in by),  # type: ignore[misc]
            deadline,
        )


def _speak_up(room: Room, departure: Departure) -> None:
    """Let survivors speak, for a server that tells of a departure only then."""
    try:
        room.round()
    except Contradicted as why:
        gone = f"{departure.member.name} had left ({departure.way}), and nobody was told"
        raise Contradicted(f"{gone}; then {why.reason}") from None


def _surroundings(
    room: Room, client: Client, say_much: Callable[[], int], budget_s: float
) -> Surroundings:
    def somebody_speaks() -> None:
        room.members[0].says()

    return Surroundings(
        pump=room.reactor.pump,
        peer=lambda: room.running.network.peer_row(client.ours, client.theirs),
        somebody_speaks=somebody_speaks,
        somebody_says_much=say_much,
        deadline=room.deadline(budget_s),
    )
