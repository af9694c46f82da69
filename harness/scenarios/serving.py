"""RF-018: after a departure the server goes on, and takes new connections."""

from __future__ import annotations

import pytest

from harness.expect import left, message
from harness.room import EVERY_WAY, Room
from harness.verdict import covers


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
