"""RF-022: who cannot be sent to is removed, told once, and delays nobody."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.expect import message
from harness.room import Departure, Room, Words
from harness.verdict import covers, direct


@covers("RF-022.1")
@direct
@pytest.mark.parametrize("way", ["rst"])
def test_whoever_is_reset_while_being_written_to_is_removed(room: Room, way: str) -> None:
    """Two are reset with messages to them under way; all who stay are told, and hear."""
    room.join("ana", "bia", "caio", "dora", "enzo")
    departures, words = room.leave_while_written_to(room.members[3:], way)
    all_hear(room, words)
    for departure in departures:
        all_hear_in_time(room, departure)
    all_go_on(room)


@covers("RF-022.2")
@direct
@pytest.mark.parametrize("way", ["stalled"])
def test_whoever_stops_reading_is_removed_and_delays_nobody(room: Room, way: str) -> None:
    """While somebody does not read all others hear each other; then all are told that it left."""
    outlive_the_silent(room, way)


@covers("RF-022.3")
@direct
@pytest.mark.parametrize("way", ["vanished"])
def test_whoever_vanishes_is_removed_and_delays_nobody(room: Room, way: str) -> None:
    """While somebody answers nothing all others hear each other; then all are told that it left."""
    outlive_the_silent(room, way)


def outlive_the_silent(room: Room, way: str) -> None:
    """Check that the others hear each other until they are told of a silent departure, in time."""
    room.join("ana", "bia", "dora")
    caio = room.join_to_leave("caio", way)
    departure = room.leave(caio, way)
    said_before = len(departure.words)
    all_hear(room, departure.words)
    all_go_on(room)
    all_hear_in_time(room, departure)
    all_hear(room, departure.words[said_before:])
    all_go_on(room)


def all_hear(room: Room, words: Sequence[Words]) -> None:
    """Check that all others heard what was said, each time within the limit."""
    for speaker, text, said_s in words:
        for member in room.others(speaker):
            heard_s = member.expects(message(speaker, text)).at_s
            took_s, limit_s = heard_s - said_s, room.limits.observation_s
            room.within_limit("a message meanwhile", took_s, limit_s, said_s)


def all_hear_in_time(room: Room, departure: Departure) -> None:
    """Check that every survivor is told once of a departure, within its limit."""
    room.hears_of(departure)
    for seconds in departure.notices_s.values():
        limit_s, began_s = departure.limit_s, departure.began_s
        room.within_limit("the notice of leaving", seconds, limit_s, began_s)


def all_go_on(room: Room) -> None:
    """Check that each of those present speaks and is heard by all others."""
    for speaker in list(room.members):
        text = speaker.says()
        room.all_expect(message(speaker, text), room.others(speaker))
