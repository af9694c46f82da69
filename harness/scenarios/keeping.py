"""RF-006: the server's log holds what happened, once, in order, with its time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.checkers.log import MESSAGES, NOTICES, hidden_loss, misplaced, repeated, unlogged
from harness.checkers.times import mistimed
from harness.expect import Event, Expectation, Kind, echo, joined, left, message
from harness.member import Member
from harness.room import EVERY_WAY, Room
from harness.verdict import Contradicted, Lacking, Unproven, covers, direct

ROUNDS = 10
READINGS = 3
OVERFLOWING = 20
"""Rounds in which three people say more than a shortened buffer holds."""
BURST = 2_000


@covers("RF-006.1")
def test_every_message_is_in_the_log_once_and_in_order(room: Room) -> None:
    """While all speak at once, the log has each message once, in the order seen, with its time."""
    log = room.log
    room.join("ana", "bia", "caio")
    for _ in range(ROUNDS):
        for sender in room.members:
            sender.says()
    for sender in room.members:
        room.all_see(echo(sender, sender.said[-1]), room.members)
    log.judge(lambda entries: compare(room, room.members, entries, MESSAGES))
    log.in_the_end(lambda entries: mistimed(of(MESSAGES, entries), *log.span()))


@covers("RF-006.2")
@pytest.mark.parametrize("way", EVERY_WAY)
def test_every_coming_and_going_is_in_the_log_once_and_in_order(room: Room, way: str) -> None:
    """The log has each arrival, and the departure of whoever left, once, with its time."""
    log = room.log
    described = {rule.kind for rule in room.system.dialect.log}
    if lacking := [kind for kind in NOTICES if kind not in described]:
        raise Lacking(f"the target file describes no [log] {lacking[0]}")
    ana, bia = room.join("ana", "bia")
    caio = room.join_to_leave("caio", way)
    caio.says()
    departure = room.leave(caio, way)
    room.hears_of(departure)
    _, before = log.span()
    (dora,) = room.join("dora")
    room.fence(ana)
    came = [joined(member) for member in (ana, bia, caio, dora)]
    log.comes_to(lambda entries: missing([*came, left(caio)], entries))
    log.comes_to(lambda entries: compare(room, [ana], entries, NOTICES))
    log.in_the_end(lambda entries: repeated(entries, *NOTICES))
    log.in_the_end(lambda entries: mistimed(of(NOTICES, entries), *log.span()))
    of_dora = joined(dora).matches  # some ways of leaving take seconds: not all times are one
    log.in_the_end(lambda entries: mistimed([*filter(of_dora, entries)], before, log.span()[1]))


@covers("RF-006.3")
@direct
def test_after_a_kill_the_log_has_all_that_anybody_received(room: Room) -> None:
    """Killed while messages flow, the server has logged whatever a client had received."""
    log = room.log
    room.join("ana", "bia", "caio")
    said = room.kill_while_all_speak(BURST)
    copies = [member.copies_of(text) for member in room.members for text in said]
    if all(copies) or not any(copies):
        raise Unproven("the server was not killed in the middle of what it had to deliver")
    log.judge(lambda entries: compare(room, room.members, entries, ()))


@covers("RF-006.4")
@direct
def test_a_full_disk_stops_neither_the_room_nor_the_log_for_good(room: Room) -> None:
    """While nothing can be written all hear each other; then the log goes on, and shows a gap."""
    log = room.log
    room.join("ana", "bia", "caio")
    said = [talk(room) for _ in room.members]
    log.comes_to(lambda entries: hidden_loss(said, entries))
    with log.without_disk():
        said += [talk(room) for _ in range(OVERFLOWING) for _ in room.members]
        if not hidden_loss(said, log.read()):
            raise Unproven("all was in the log although its disk was full")
    later: list[str] = []

    def has_resumed(entries: Sequence[Event]) -> str | None:
        if not texts(entries).isdisjoint(later):
            return None
        later.append(talk(room))  # the one before may still have been lost with the others
        return "the log does not resume: it has nothing of what was said when it could be written"

    log.comes_to(has_resumed)
    log.judge(lambda entries: hidden_loss(said + later, entries))


@covers("RF-006.5")
@direct
def test_the_log_can_be_read_while_the_room_talks(room: Room) -> None:
    """What was delivered is in the log that is read meanwhile, and nobody waits for the reader."""
    log = room.log
    room.join("ana", "bia", "caio")
    for _ in range(READINGS):
        delivered = [talk(room) for _ in room.members]
        log.comes_to(lambda entries, wanted=delivered: absent(wanted, entries))  # type: ignore[misc]
        with log.reading() as (reading, finish):
            for _ in range(ROUNDS):
                if not reading.is_over:
                    talk(room)
            if reason := absent(delivered, finish()):
                raise Contradicted(reason)


def talk(room: Room) -> str:
    """Let the one whose turn it is speak; check that all others hear it."""
    speaker = min(room.members, key=lambda member: len(member.said))
    text = speaker.says()
    room.all_expect(message(speaker, text), room.others(speaker))
    return text


def compare(
    room: Room, members: Sequence[Member], log: Sequence[Event], kinds: Sequence[Kind]
) -> str | None:
    """Say how the log differs from what these saw; of these kinds, once and in order as well."""
    for member in members:
        seen = [event for event in member.events if not room.is_of_the_stop(event)]
        wanted = of(kinds, seen) if kinds else seen
        if reason := unlogged(wanted, log, member.name):
            return reason
        if kinds and (reason := misplaced(wanted, log, member.name)):
            return reason
    return repeated(log, *kinds) if kinds else None


def missing(wanted: Sequence[Expectation], log: Sequence[Event]) -> str | None:
    """Say which of these the log does not have."""
    lacking = [each for each in wanted if not any(map(each.matches, log))]
    return f"the log does not have {lacking[0]}" if lacking else None


def absent(wanted: Sequence[str], log: Sequence[Event]) -> str | None:
    """Say which of these texts the log does not have."""
    missing = [text for text in wanted if text not in texts(log)]
    return f"the log does not have {missing[0]}, which was delivered before" if missing else None


def texts(log: Sequence[Event]) -> set[str]:
    """Return the texts of the messages in the log."""
    return {entry.fields["text"] for entry in log if entry.kind is Kind.MESSAGE}


def of(kinds: Sequence[Kind], events: Sequence[Event]) -> list[Event]:
    """Return the events of these kinds."""
    return [event for event in events if event.kind in kinds]
