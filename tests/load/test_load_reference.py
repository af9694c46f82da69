"""What is too big for every change: thousands of clients against the reference server."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from harness import lifetimes
from harness.clients.reactor import Reactor
from harness.crowd import Crowd
from harness.expect import Vocabulary, left, message
from harness.faults.dropping import drop_all
from harness.history import History
from harness.resources import back_to, grows_little, health, threads_for_each
from harness.room import Room
from harness.system import load
from harness.targets import launch
from harness.targets.health import Health
from harness.verdict import Ledger
from spec import limits

PATIENCE = 10.0
"""Stretches waiting, for a machine that does other things as well; never a limit."""
CLIENTS = 5_000
STEADY = 20
CAME_AND_WENT = 10_000
SPEAKERS = 50
SILENCES = 3

pytestmark = pytest.mark.deep


@pytest.fixture
def room() -> Iterator[Room]:
    """The room of a fresh reference server."""
    lifetimes.adopt_orphans()
    lifetimes.raise_descriptor_limit()
    system, reactor, history = load("reference-server"), Reactor(), History()
    room = Room(
        system=system,
        running=launch.start(system.description, reactor, history, PATIENCE),
        reactor=reactor,
        history=history,
        ledger=Ledger(("RF-026.2",)),
        bounds=limits.load(),
        vocabulary=Vocabulary(Random(7)),
        scale=PATIENCE,
    )
    yield room
    room.close()


def finish(room: Room) -> None:
    """End the scenario, judge it, and show its figures."""
    room.finish()
    assert room.ledger.stops == {}
    print(room.figures)


def exactly_back_to(room: Room, baseline: Health) -> None:
    """Nothing else went on when the baseline was taken, so that nothing may be missing either."""
    back_to(room, baseline, descriptors=True)
    now = health(room)
    assert (now.threads, now.descriptors) == (baseline.threads, baseline.descriptors)


def test_five_thousand_clients_all_join_and_are_all_served(room: Room) -> None:
    ana, bia = room.join("ana", "bia")
    baseline, crowd = health(room), Crowd(room)
    began_s = room.history.now_s()
    crowd.grows(CLIENTS - len(room.members))
    room.figures["join_s"] = room.history.now_s() - began_s
    threads_for_each(room, len(crowd.members), baseline)
    for _ in range(3):
        crowd.hears(ana.says())
    for speaker in crowd.members[:: len(crowd.members) // SPEAKERS]:
        text = speaker.says()
        room.all_expect(message(speaker, text), [ana, bia])
        crowd.hears(text)
    room.figures["threads"] = health(room).threads
    room.figures["resident_bytes"] = health(room).resident_bytes
    crowd.leave()
    exactly_back_to(room, baseline)
    finish(room)


def test_five_thousand_who_are_silent_together_all_stay(room: Room) -> None:
    ana, bia = room.join("ana", "bia")
    crowd = Crowd(room)
    crowd.grows(CLIENTS - len(room.members) - 1)
    for _ in range(SILENCES):
        clock = room.join("caio")[0]  # all are told: from now on all have been silent equally long
        room.members.remove(clock)
        drop_all(clock.client.socket)
        room.all_expect(left(clock), [ana, bia])  # nobody said anything until it was missed
        text = ana.says()
        room.all_expect(message(ana, text), [bia])
        crowd.hears(text)
    crowd.leave()
    finish(room)


def test_ten_thousand_come_and_go_and_the_steady_lose_nothing(room: Room) -> None:
    steady = room.join(*["ana"] * STEADY)
    room.round()
    baseline, crowd = health(room), Crowd(room)
    crowd.turns_over(room.limits.warm_up_connections)
    exactly_back_to(room, baseline)
    warm = health(room)
    for number in range(CAME_AND_WENT // 500):
        crowd.turns_over(500)
        speaker = steady[number % STEADY]
        text = speaker.says()
        room.all_expect(message(speaker, text), room.others(speaker))
    exactly_back_to(room, baseline)
    grows_little(room, warm, CAME_AND_WENT)
    finish(room)
