"""RF-003, RF-026: many at once, and a thread for each."""

from __future__ import annotations

from harness.crowd import Crowd
from harness.expect import left, message
from harness.resources import back_to, health, threads_for_each
from harness.room import Room
from harness.verdict import alone, covers, direct

CROWDS = (100, 1_000)
SPEAKERS = 5
BURST = 50


@covers("RF-003.1")
def test_threads_come_and_go_with_the_clients(room: Room) -> None:
    """Ten more clients bring at least ten more threads, which end when those ten have left."""
    room.join("ana", "bia")
    room.round()  # whoever is heard has its thread
    baseline = health(room)
    guests = room.join(*["caio"] * 10)
    threads_for_each(room, len(guests), baseline)
    for guest in guests:
        departure = room.leave(guest, "fin")
        room.all_see(left(departure.member), room.members)
    back_to(room, baseline)


@covers("RF-026.2")
@direct
@alone
def test_each_of_a_great_many_has_its_thread(room: Room) -> None:
    """With 100 and with 1,000 clients there is a thread for each, and all of them are served."""
    ana, bia = room.join("ana", "bia")
    room.round()
    baseline = health(room)
    crowd = Crowd(room)
    for count in CROWDS:
        crowd.grows(count - len(room.members) - len(crowd.members))
        threads_for_each(room, len(crowd.members), baseline)
    crowd.hears(ana.says())
    for speaker in crowd.members[:: len(crowd.members) // SPEAKERS]:
        text = speaker.says()
        room.all_expect(message(speaker, text), [ana, bia])
    room.figures["threads"] = health(room).threads


@covers("RF-026.1")
@direct
def test_a_burst_of_connections_is_all_accepted_and_served(room: Room) -> None:
    """Fifty connect at the same moment; all of them come in, hear and are heard."""
    ana, _bia = room.join("ana", "bia")
    crowd = Crowd(room)
    crowd.bursts_in(BURST)
    crowd.hears(ana.says())
    for speaker in crowd.members:
        text = speaker.says()
        room.all_see(message(speaker, text), room.members)
        room.ledger.discharge()
