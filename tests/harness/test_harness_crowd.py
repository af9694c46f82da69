"""A crowd in the room of a tiny server: it comes, hears, and goes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from harness_stage import SILENT, SPEECH, Stage

from harness.clients.bystander import Bystander
from harness.clients.opening import Opening
from harness.crowd import AT_ONCE, BATCH, Crowd, require_seats
from harness.deadline import Deadline
from harness.expect import left, message
from harness.room import EVERY_WAY, Room
from harness.targets import diag, tcp
from harness.targets.network import OURS
from harness.verdict import Contradicted, Lacking

Open = Callable[..., Room]
MANY = BATCH + 10


@pytest.mark.parametrize("speech", [SPEECH, SILENT], ids=["answered", "silent"])
def test_a_crowd_comes_in_and_everybody_sees_it(room: Open, speech: str) -> None:
    stage, crowd = crowded(room(speech=speech))
    names = {e.fields["name"] for e in stage.members[0].events if e.kind == "joined"}
    assert {member.name for member in crowd.members} < names
    assert len(crowd.members) == MANY


def test_each_of_a_crowd_hears_a_text_once(room: Open) -> None:
    stage, crowd = crowded(room())
    crowd.hears(stage.members[0].says())
    stage.finish()
    assert stage.ledger.stops == {}
    assert stage.ledger.obligations["RF-001.1"] == 1


def test_what_a_crowd_hears_twice_is_told_in_the_end(room: Open) -> None:
    stage, crowd = crowded(room("doubles"))
    crowd.hears(stage.members[0].says())
    stage.finish()
    assert "did not receive one copy" in stage.ledger.stops["RF-001.1"].reason


def test_what_a_crowd_does_not_hear_is_told(room: Open) -> None:
    stage, crowd = crowded(room("says nothing", observation_s=1.0))
    with pytest.raises(Contradicted, match=f"{MANY} of {MANY} did not receive one copy"):
        crowd.hears(stage.members[0].says())


def test_one_of_a_crowd_speaks_and_is_heard(room: Open) -> None:
    stage, crowd = crowded(room())
    text = crowd.members[-1].says()
    stage.all_expect(message(crowd.members[-1], text))


def test_one_of_a_crowd_answers_pings(room: Open) -> None:
    _stage, crowd = crowded(room("pings"))
    assert not any(isinstance(m.client, Bystander) and m.client.is_idle for m in crowd.members)


def test_a_refused_crowd_is_told(room: Open) -> None:
    stage = room("is full")
    with pytest.raises(Contradicted, match="was not admitted: refused with '! cheio'"):
        Crowd(stage).grows(1)


def test_a_crowd_that_leaves_is_missed(room: Open) -> None:
    stage, crowd = crowded(room())
    gone = list(crowd.members)
    crowd.leave()
    stage.all_see(left(gone[-1]), stage.members)
    assert crowd.members == []


def test_a_burst_comes_in_at_once(room: Open) -> None:
    stage = room()
    stage.join("ana", "bia")
    crowd = Crowd(stage)
    crowd.bursts_in(10)
    assert len(crowd.members) == 10
    assert any("10 of 10 waited" in entry.what for entry in stage.history.entries)


def test_all_who_come_and_go_are_gone(room: Open) -> None:
    stage = room()
    stage.join("ana", "bia")
    crowd = Crowd(stage)
    crowd.turns_over(3)
    assert crowd.members == []
    assert {e.kind for e in stage.members[0].events} >= {"joined", "left"}


def test_the_ways_of_leaving_at_once_are_ways_of_leaving() -> None:
    assert set(AT_ONCE) <= set(EVERY_WAY)


def test_more_clients_than_the_target_promises_are_not_asked_of_it(room: Open) -> None:
    stage = room(speech=f"{SPEECH}[limits]\nclients = 5\n")
    require_seats(stage, 5)
    with pytest.raises(Lacking, match="at most 5 clients, not 6"):
        require_seats(stage, 6)


def test_a_crowd_is_not_asked_of_a_target_that_sends_the_silent_away(room: Open) -> None:
    stage = room(speech=f"{SPEECH}[limits]\nidle_s = 30\n")
    with pytest.raises(Lacking, match="who is silent for 30 s may be sent away"):
        require_seats(stage, 6)


def test_nobody_writes_faster_than_the_target_promises_to_stand(room: Open) -> None:
    stage = room(speech=f"{SPEECH}[limits]\nmessages_per_s = 20\n")
    ana, bia = stage.join("ana", "bia")
    texts = [ana.says() for _ in range(4)]
    secret = ana.tells(bia)
    wrote = [e.at_s for e in stage.history.entries if e.mark == ">" and e.who == ana.name][1:]
    assert len(wrote) == len([*texts, secret])
    assert all(after - before >= 0.05 for before, after in pairwise(wrote))


def test_both_sources_tell_the_same_of_a_socket(stage: Stage) -> None:
    client, _ = stage.client()
    client.write(b"olaola")
    stage.pump(
        lambda: (
            stage.network.peer_row(client.ours, client.theirs) == tcp.Row("ESTABLISHED", 6, 0, 0)
        )
    )
    assert diag.works()
    assert tcp.row(OURS, client.theirs, client.ours) == tcp.Row("ESTABLISHED", 6, 0, 0)


def test_a_socket_that_is_not_there_is_none(stage: Stage) -> None:
    nobody = ("127.0.0.1", 9)
    assert stage.network.peer_row(nobody, stage.listener.getsockname()) is None
    assert stage.network.peer_row(nobody, nobody) is None


def test_those_who_knock_are_counted(stage: Stage) -> None:
    address = stage.listener.getsockname()
    assert stage.network.knocking(address) == 0
    opening = Opening(address, stage.reactor)
    with opening.take(Deadline.after(5.0)):
        assert stage.network.knocking(address) == 1


def crowded(stage: Room) -> tuple[Room, Crowd]:
    """Let two people in, and a crowd of more than one batch."""
    stage.join("ana", "bia")
    crowd = Crowd(stage)
    crowd.grows(MANY)
    return stage, crowd
