"""RF-002, RF-003, RF-005, RF-018: connections that break, fall silent or bring garbage."""

from __future__ import annotations

from contextlib import suppress

import pytest

from harness import cutting
from harness.cutting import Where
from harness.expect import left, message
from harness.faults.link.blackhole import Blackhole
from harness.faults.link.corrupt import Corrupt
from harness.faults.link.cut import Cut
from harness.faults.link.fault import Close
from harness.faults.link.stall import Stall
from harness.room import Room
from harness.verdict import Contradicted, covers, direct

CUTS = 6
"""Places tried in one scenario; the seed of the run says which."""
TEXTS = 5
BEGUN_BYTES = 5
"""So much of a line comes before it stalls."""
GARBLED = 8


@covers("RF-018.1", "RF-005.1")
@direct
@pytest.mark.parametrize("how", [Close.FULL, Close.RST])
@pytest.mark.parametrize("where", cutting.BOTH)
def test_a_connection_may_break_at_any_byte(room: Room, where: Where, how: Close) -> None:
    """Whichever byte is the last, all others hear each other, and are told who came and went."""
    room.join("ana", "bia")
    length = cutting.lengths(room)[where]
    breaks = cutting.Breaks(room, where, how)
    with room.about("RF-018.1"):
        breaks.survive(room.vocabulary.rng.sample(range(length), CUTS))
        (newcomer,) = room.join("fim")
        text = newcomer.says()
        room.all_expect(message(newcomer, text), room.others(newcomer))
    with room.about("RF-005.1"):
        breaks.are_told()


@covers("RF-002.1")
@direct
@pytest.mark.parametrize("where", cutting.BOTH)
def test_a_line_that_is_dead_for_a_while_loses_nothing(room: Room, where: Where) -> None:
    """What was said while a line was dead comes once it has healed: all of it, once."""
    ana, _bia = room.join("ana", "bia")
    caio, link = room.join_over_a_line("caio")
    speaker, hearers = (ana, [caio]) if where == "downstream" else (caio, room.others(caio))
    direction, dead = getattr(link, where), Blackhole()
    direction.add(dead)
    would_merge = where == "upstream" and not room.promises.framed
    texts = [speaker.writes() for _ in range(1 if would_merge else TEXTS)]
    room.pump(lambda: dead.evidence() is not None, room.limits.observation_s)
    room.history.record(caio.name, "?", dead.proof())
    direction.remove(dead)
    for text in texts:
        room.all_expect(message(speaker, text), hearers)


@covers("RF-005.1")
@direct
def test_whoever_only_stops_sending_has_left(room: Room) -> None:
    """Somebody whose sending side has ended is told of, although it would still read."""
    room.join("ana", "bia")
    caio, link = room.join_over_a_line("caio")
    ended = Cut(after_bytes=0, how=Close.HALF)
    link.upstream.add(ended)
    caio.writes()
    room.members.remove(caio)
    room.pump(lambda: ended.evidence() is not None, room.limits.observation_s)
    room.history.record(caio.name, "?", ended.proof())
    room.all_expect(left(caio))


@covers("RF-003.2")
@direct
def test_half_a_message_delays_nobody(room: Room) -> None:
    """While half of what somebody says is on its way all others talk; then it is heard, once."""
    ana, bia = room.join("ana", "bia")
    caio, link = room.join_over_a_line("caio")
    stall = Stall(after_bytes=BEGUN_BYTES if room.promises.framed else 0)
    link.upstream.add(stall)
    text = caio.writes()
    room.pump(
        lambda: stall.evidence() is not None and not room.is_behind(caio.client),
        room.limits.observation_s,
    )
    for speaker, hearer in ((ana, bia), (bia, ana)):
        meanwhile = speaker.says()
        room.all_expect(message(speaker, meanwhile), [hearer, caio])
    room.join("dora")
    room.history.record(caio.name, "?", stall.proof())
    link.heal()
    room.all_expect(message(caio, text), room.others(caio))


@covers("RF-018.1")
@direct
def test_garbage_harms_nobody_else(room: Room) -> None:
    """While what somebody says arrives corrupted all others hear each other, and later, too."""
    room.join("ana", "bia")
    caio, link = room.join_over_a_line("caio")
    room.members.remove(caio)
    corrupt = Corrupt(chance=0.3, seed=room.vocabulary.rng.randrange(1 << 32))
    link.upstream.add(corrupt)
    for speaker in room.members * (GARBLED // len(room.members)):
        with suppress(Contradicted):  # it may send whoever brings garbage away
            caio.says()
        text = speaker.says()
        room.all_expect(message(speaker, text), room.others(speaker))
    room.history.record(caio.name, "?", corrupt.proof())
    room.hang_up(caio.client)
    room.pump(lambda: all(m.seen(left(caio)) for m in room.members), room.limits.notice_s)
    (newcomer,) = room.join("dora")
    text = newcomer.says()
    room.all_expect(message(newcomer, text), room.others(newcomer))
