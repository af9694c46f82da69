"""RF-003: nobody is delayed by a client that is silent, has no name, or is slow."""

from __future__ import annotations

from harness.expect import message
from harness.obstacles import drip, keep_silent, one_who_reads_nothing, speak_until_full
from harness.room import Room
from harness.verdict import covers, direct


@covers("RF-003.2")
def test_a_client_without_a_name_delays_nobody(room: Room) -> None:
    """While somebody connects and says nothing, or never ends its first line, all others talk."""
    room.join("ana", "bia")
    stranger = room.connect_only()
    for name, way in (("caio", keep_silent), ("dora", drip)):
        way(room, stranger)
        room.join(name)
        for speaker in room.members:
            way(room, stranger)
            text = speaker.says()
            room.all_expect(message(speaker, text), room.others(speaker))
    room.hang_up(stranger)


@covers("RF-003.2")
@direct
def test_a_client_that_does_not_read_delays_nobody(room: Room) -> None:
    """While somebody takes nothing of what it is sent, all others hear each other."""
    room.join("ana", "bia")
    with one_who_reads_nothing(room) as slow:
        room.join("caio")
        speak_until_full(room, slow)
        (newcomer,) = room.join("dora")
        text = newcomer.says()
        room.all_expect(message(newcomer, text), room.others(newcomer))
