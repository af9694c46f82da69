"""RF-005, RF-016, RF-017: whoever leaves, in whatever way, is gone for everybody, told once."""

from __future__ import annotations

import pytest

from harness.checkers.order import spoke_after_leaving
from harness.expect import message, unknown_recipient
from harness.room import EVERY_WAY, Room
from harness.verdict import Contradicted, Lacking, covers

every_way = pytest.mark.parametrize("way", EVERY_WAY)
RESETS = ("rst", "killed-unread")
"""What ends so may take with it what the target has not read yet."""


@covers("RF-005.1", "RF-005.2", "RF-005.4")
@every_way
def test_all_who_stay_are_told_once_and_soon(room: Room, way: str) -> None:
    """Every survivor and the server's screen show, once and within the limit, who has left."""
    room.join("ana", "bia")
    screen_mark = room.screen.mark()
    caio = room.join_to_leave("caio", way)
    room.screen.awaits_arrival(caio, screen_mark)
    departure = room.leave(caio, way)
    with room.about("RF-005.1"):
        room.hears_of(departure)
    with room.about("RF-005.2"):
        room.screen.shows_departure(caio, departure.screen_mark)
        room.ledger.discharge()
    with room.about("RF-005.4"):
        if not departure.notices_s:
            why = room.ledger.stops["RF-005.1"]
            is_known = isinstance(why, Contradicted)
            raise Contradicted("no notice came, so none came within the limit") if is_known else why
        for seconds in departure.notices_s.values():
            limit_s, began_s = departure.limit_s, departure.began_s
            room.within_limit("the notice of leaving", seconds, limit_s, began_s)
    room.round()  # a second notice might go with whatever is sent next


@covers("RF-005.3")
@pytest.mark.parametrize("way", ["fin", "rst"])
def test_nobody_is_told_of_a_departure_without_a_name(room: Room, way: str) -> None:
    """A connection that never had a name leaves without a notice."""
    room.join("ana", "bia")
    since = room.marks()
    room.vanish(room.connect_only(), way)
    room.no_notice(since)


@covers("RF-016.2")
def test_quitting_ends_the_connection_in_order(room: Room) -> None:
    """After the command to quit everything said before is delivered, then the server closes."""
    ana, bia, caio = room.join("ana", "bia", "caio")
    ana.client.stop_reading()
    texts = [bia.says() for _ in range(20)]
    room.all_see(message(bia, texts[-1]), [caio])
    is_answered = any(step.waits for step in room.system.dialect.steps("quit") or ())
    if is_answered:
        ana.client.resume_reading()  # the answer stands behind all that was said
    departure = room.leave(ana, "quit")
    if not is_answered:
        ana.client.resume_reading()
    deadline = room.awaits(lambda: ana.client.ended is not None)
    for text in texts:
        ana.expects(message(bia, text))
    how = "the connection of who quit is not closed in order, but"
    if ana.client.ended is None:
        raise room.overdue(f"{how}: still open", deadline)
    if ana.client.ended != "FIN":
        raise Contradicted(f"{how}: {ana.client.ended}")
    room.ledger.discharge()
    room.hears_of(departure)
    room.round()


@covers("RF-017.1")
@every_way
def test_whoever_has_left_is_on_no_list(room: Room, way: str) -> None:
    """A message to somebody who has left is reported unknown, and no list of users has it."""
    ana, bia = room.join("ana", "bia")
    caio = room.join_to_leave("caio", way)
    room.hears_of(room.leave(caio, way))
    dialect = room.system.dialect
    if dialect.steps("private") is None and dialect.steps("users") is None:
        raise Lacking("the target file describes neither [send] private nor [send] users")
    if dialect.steps("private") is not None:
        secret = ana.tells(caio)
        ana.expects(unknown_recipient())
        bia.never_saw(secret)
    if dialect.steps("users") is not None:
        names = room.list_of_users(ana)
        if caio.name in names:
            raise Contradicted(f"{caio.name} has left, and is still on the list: {sorted(names)}")
        room.ledger.discharge()


@covers("RF-017.2")
@every_way
def test_nothing_of_somebody_comes_after_its_leave_notice(room: Room, way: str) -> None:
    """The notice of leaving follows the last message of whoever speaks and leaves at once."""
    ana, bia = room.join("ana", "bia")
    caio = room.join_to_leave("caio", way)
    texts = [caio.says() for _ in range(20)]

    def is_heard() -> bool:
        return any(map(ana.copies_of, texts))

    if way in RESETS:
        room.awaits_in_time("the first of twenty messages", is_heard, room.limits.observation_s)
    departure = room.leave(caio, way)
    room.hears_of(departure)
    room.fence(ana)
    room.fence(bia)
    if not is_heard():
        raise Contradicted("not one of twenty messages arrived, and all were sent before")
    room.judge_views(lambda view, name: spoke_after_leaving(caio.name, view, name))
