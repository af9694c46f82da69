"""RF-018: after a departure the server goes on, and takes new connections."""

from __future__ import annotations

import pytest

from harness.crowd import Crowd
from harness.expect import left, message
from harness.resources import back_to, grows_little, health, stays_quiet
from harness.room import EVERY_WAY, Room
from harness.verdict import alone, covers, direct

MEASURED = 500
"""Half of the thousand that the limit is about, and half of the limit: all of it takes twice as
long, and a server that keeps more than a kilobyte of everybody shows it in five hundred as well."""


@covers("RF-018.1")
@pytest.mark.parametrize("way", EVERY_WAY)
def test_the_server_goes_on_after_a_departure(room: Room, way: str) -> None:
    """However somebody left, every survivor sends and receives twice; then a newcomer joins."""
    room.join("ana", "bia")
    caio = room.join_to_leave("caio", way)
    room.join("dora")
    departure = room.leave(caio, way)
    room.pump(lambda: all(m.seen(left(caio)) for m in room.members), departure.limit_s)
    for _ in range(2):
        for speaker in room.members:
            text = speaker.says()
            room.all_expect(message(speaker, text), room.others(speaker))
    (newcomer,) = room.join("elis")
    text = newcomer.says()
    room.all_expect(message(newcomer, text), room.others(newcomer))
    text = room.members[0].says()
    newcomer.expects(message(room.members[0], text))
    departure.let_go()


@covers("RF-018.2")
@direct
@alone
def test_nothing_is_left_of_those_who_came_and_went(room: Room) -> None:
    """After hundreds have come and gone, in many ways, the server uses no more than before."""
    room.join("ana", "bia", "caio")
    room.round()
    baseline = health(room)
    crowd = Crowd(room)
    crowd.turns_over(room.limits.warm_up_connections)
    back_to(room, baseline, descriptors=True)
    warm = health(room)
    crowd.turns_over(MEASURED)
    back_to(room, baseline, descriptors=True)
    grows_little(room, warm, MEASURED)
    room.round()


@covers("RF-018.3")
@direct
@pytest.mark.parametrize("way", EVERY_WAY)
def test_the_server_is_idle_when_nothing_happens(room: Room, way: str) -> None:
    """After somebody has left, and while nobody says anything, it uses next to no CPU."""
    _ana, _bia, caio = room.join("ana", "bia", "caio")
    departure = room.leave(caio, way)
    room.pump(lambda: all(m.seen(left(caio)) for m in room.members), room.limits.notice_s)
    stays_quiet(room, f"somebody had left by {way}")
    departure.let_go()
