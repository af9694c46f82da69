"""RF-012: messages arrive in real time."""

from __future__ import annotations

from harness.checkers.latency import Latencies
from harness.deadline import Deadline
from harness.expect import message
from harness.room import Room
from harness.verdict import alone, covers, direct

PEOPLE = 10
ROUNDS = 10
TRIES = 3
"""So many times as many measurements are made as are needed, if the harness is late in others."""


@covers("RF-012.1")
@direct
@alone
def test_messages_arrive_in_real_time(room: Room) -> None:
    """Among ten people 99 of 100 messages arrive within the limit, from write to read."""
    room.join(*["ana"] * PEOPLE)
    limit_s = room.limits.latency_p99_s
    latencies = Latencies(limit_s, planned=ROUNDS * PEOPLE * (PEOPLE - 1))
    for speaker in room.members * ROUNDS * TRIES:
        expected = message(speaker, speaker.says())
        began_s = speaker.wrote_s
        others = room.others(speaker)
        room.all_see(expected, others)
        began = Deadline(room.history.started + began_s + limit_s, limit_s)
        if began.is_spoilt_by(room.reactor.worst_lag_s(began.began)):
            continue
        for other in others:
            latencies.add(other.sights(expected)[0].at_s - began_s)
        room.ledger.discharge()
        if latencies.is_over or latencies.share >= 1:
            break
    latencies.judge(room.figures)
