"""Who leaves a room, and what those are told who stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from harness_stage import SHORT_S, SPEECH, Stage, said_of, was_reset

from harness.departing import EVERY_WAY, Departure
from harness.expect import left
from harness.member import Member
from harness.room import Room
from harness.verdict import Contradicted, Verdict

Open = Callable[..., Room]


# -- leaving ------------------------------------------------------------------------------


def departure(stage: Room, way: str) -> tuple[Member, Departure]:
    stage.join("ana", "bia")
    caio = stage.join_to_leave("caio", way)
    return caio, stage.leave(caio, way)


@pytest.mark.parametrize("way", EVERY_WAY)
def test_every_way_of_leaving_is_told_once_to_all_who_stay(room: Open, way: str) -> None:
    stage = room()
    caio, leaving = departure(stage, way)
    stage.hears_of(leaving)
    assert leaving.evidence
    assert set(leaving.notices_s) == {member.name for member in stage.members}
    assert caio not in stage.members
    assert said_of(stage) == (Verdict.VERIFIED, "")


def test_a_notice_that_waits_for_somebody_to_speak_is_a_finding(room: Open) -> None:
    stage = room("tells of leaving late", observation_s=SHORT_S)
    caio, leaving = departure(stage, "fin")
    stage.hears_of(leaving)
    assert [(finding.kind, finding.detail) for finding in stage.findings] == [
        ("late-notice", f"the notice of {caio.name} came only after survivors had spoken")
    ]


def test_a_notice_that_never_comes_is_a_contradiction(room: Open) -> None:
    stage = room("tells of nobody", observation_s=SHORT_S)
    caio, leaving = departure(stage, "fin")
    with pytest.raises(Contradicted, match=f"never saw “left” \\(name {caio.name}\\)"):
        stage.hears_of(leaving)


def test_a_room_that_a_departure_has_silenced_is_told_so(room: Open) -> None:
    stage = room("dies", observation_s=SHORT_S)
    *_, caio = stage.join("ana", "bia", "caio")
    leaving = stage.leave(caio, "rst")  # before anybody has spoken
    for member in stage.members:
        member.claims[left(caio)] = 1
    with pytest.raises(Contradicted, match=rf"{caio.name} had left \(rst\), and nobody was told;"):
        stage.hears_of(leaving)


def test_notices_of_the_servers_own_stop_are_not_counted(room: Open) -> None:
    stage = room()
    ana, bia, caio = stage.join("ana", "bia", "caio")
    stage.hears_of(stage.leave(caio, "quit"))
    stage.finish()
    event = next(event for event in ana.events if left(caio).matches(event))
    assert not stage.is_of_the_stop(event)
    assert bia.seen(left(caio)) == 1


def test_who_hangs_up_reads_all_first_and_resets_nothing(room: Open, stage: Stage) -> None:
    client, peer = stage.client()
    peer.sendall(b"oi")
    room().hang_up(client)
    assert client.received == b"oi"
    assert peer.recv(9) == b""
    assert not was_reset(peer)


def test_who_quit_and_is_let_go_reads_what_comes_late_and_resets_nothing(
    room: Open, stage: Stage
) -> None:
    client, peer = stage.client()
    Departure(Member("ana", client, room()), "quit", 1.0, 0.0, 0).let_go()
    peer.sendall(b"tchau")
    stage.pump(lambda: client.unread_bytes() == 0)
    assert peer.recv(9) == b""
    assert not was_reset(peer)


# -- strays -------------------------------------------------------------------------------


def test_nobody_hears_of_a_stranger_who_came_and_went(room: Open) -> None:
    stage = room()
    stage.join("ana", "bia")
    since = stage.marks()
    stage.vanish(stage.connect_only(), "fin")
    stage.fence()
    stage.no_notice(since)
    assert said_of(stage) == (Verdict.VERIFIED, "")


def test_a_ghost_without_a_name_is_caught_among_what_no_template_explains(room: Open) -> None:
    stage = room("tells of ghosts")
    stage.join("ana", "bia")
    since = stage.marks()
    stage.vanish(stage.connect_only(), "fin")
    stage.fence()
    with pytest.raises(Contradicted, match="was told of a ghost: '-'"):
        stage.no_notice(since)


def test_a_ghost_that_was_the_last_to_be_told_of_is_caught_without_framing(room: Open) -> None:
    unframed = SPEECH.replace("framing", "from_client")
    stage = room("tells of ghosts", "falls silent", speech=unframed, observation_s=SHORT_S)
    stage.join("ana", "bia")
    since = stage.marks()
    stage.vanish(stage.connect_only(), "fin")
    with pytest.raises(Contradicted, match="was told of a ghost: '-'"):
        stage.no_notice(since)


def test_who_had_to_go_because_of_a_ghost_is_not_named_instead_of_it(room: Open) -> None:
    stage = room("tells of ghosts")
    _ana, _bia, caio = stage.join("ana", "bia", "caio")
    since = stage.marks()
    stage.vanish(stage.connect_only(), "fin")
    stage.hears_of(stage.leave(caio, "fin"))
    with pytest.raises(Contradicted, match="was told of a ghost: '-'"):
        stage.no_notice(since)


def test_a_departure_that_should_not_be_told_is_caught(room: Open) -> None:
    stage = room()
    ana, bia, caio = stage.join("ana", "bia", "caio")
    since = stage.marks()
    stage.leave(caio, "fin")
    stage.all_see(left(caio), [ana, bia])
    with pytest.raises(Contradicted, match=f"was told: '- {caio.name}'"):
        stage.no_notice(since)
