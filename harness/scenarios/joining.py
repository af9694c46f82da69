"""RF-001: everybody learns at once who has come in, and of nobody else."""

from __future__ import annotations

from harness.checkers.order import spoke_before_joining
from harness.expect import joined, message
from harness.room import Room
from harness.verdict import Contradicted, covers, sequential


@covers("RF-001.1")
@sequential
def test_everyone_sees_the_newcomer_once_and_before_its_words(room: Room) -> None:
    """Every member, the newcomer included, sees it come in exactly once, before its words."""
    room.join("ana", "bia")
    (caio,) = room.join("caio")
    room.all_expect(joined(caio))
    (dora,) = room.join("dora")
    text = dora.says()
    room.all_see(message(dora, text), room.others(dora))
    room.all_expect(joined(dora))
    room.judge_views(lambda view, name: spoke_before_joining(dora.name, view, name))


@covers("RF-001.2")
@sequential
def test_the_servers_screen_shows_the_newcomer(room: Room) -> None:
    """The server's own output shows the name of whoever comes in."""
    room.join("ana")
    mark = room.screen.mark()
    (bia,) = room.join("bia")
    room.screen.shows_arrival(bia, mark)
    room.ledger.discharge()


@covers("RF-001.3")
@sequential
def test_nobody_hears_of_a_refused_newcomer(room: Room) -> None:
    """Somebody refused for a name in use is announced nowhere."""
    ana, _bia = room.join("ana", "bia")
    since = room.marks()
    attempt = room.tries(ana.name)
    if not attempt.refused and attempt.member.client.is_open:
        raise Contradicted(f"nobody was refused: a second {ana.name} came in")
    room.hang_up(attempt.member.client)
    room.no_notice(since)
    room.judge(lambda: room.screen.announced_twice(ana))


@covers("RF-001.3")
@sequential
def test_nobody_hears_of_a_connection_without_a_name(room: Room) -> None:
    """Somebody who connects and says nothing is announced nowhere, coming or going."""
    room.join("ana", "bia")
    since = room.marks()
    stranger = room.connect_only()
    room.round()
    room.hang_up(stranger)
    room.no_notice(since)


@covers("RF-001.4")
@sequential
def test_the_notice_of_coming_is_prompt(room: Room) -> None:
    """Everybody is told within the limit, counted from before the name was sent."""
    room.join("ana", "bia")
    began_s, limit_s = room.history.now_s(), room.limits.notice_s
    (caio,) = room.join("caio")
    for member in room.members:
        event = member.expects(joined(caio))
        room.within_limit("the notice of coming", event.at_s - began_s, limit_s, began_s)
