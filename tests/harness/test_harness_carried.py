"""A room whose connections are carried: people come, speak and leave as they do without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from harness_stage import SILENT

from harness.expect import message
from harness.faults.leaving import WAYS
from harness.faults.link.stall import Stall
from harness.faults.link.throttle import Throttle
from harness.faults.profiles import PROFILES
from harness.room import EVERY_WAY, Room
from harness.verdict import Contradicted, Unproven

Open = Callable[..., Room]
TOLD_WAYS = [way for way in EVERY_WAY if way not in WAYS or not WAYS[way].is_silent]
each_profile = pytest.mark.parametrize("profile", PROFILES)


@each_profile
@pytest.mark.parametrize("way", TOLD_WAYS)
def test_whoever_leaves_over_a_link_is_told_of(room: Open, profile: str, way: str) -> None:
    stage = room(profile=profile)
    stage.join("ana", "bia")
    caio = stage.join_to_leave("caio", way)
    stage.hears_of(stage.leave(caio, way))
    stage.lines.require_a_bite()


@each_profile
def test_a_name_in_use_is_refused_over_a_link(room: Open, profile: str) -> None:
    stage = room(profile=profile)
    ana, _bia = stage.join("ana", "bia")
    assert stage.tries(ana.name).refused


def test_a_newcomers_first_words_come_together_with_its_name(room: Open) -> None:
    stage = room(profile="coalesced")
    ana, bia = stage.join("ana", "bia")
    (greeting,) = bia.said
    assert ana.seen(message(bia, greeting)) == 1
    assert stage.lines.greetings == {*ana.said, greeting}
    name, said = len(f"{bia.name}\n"), len(f"{greeting}\n")
    assert f"2 pieces that came apart went on as one of {name + said} bytes" in (
        stage.lines.links[1].evidence()
    )


def test_who_comes_in_without_waiting_speaks_anyway(room: Open) -> None:
    stage = room(profile="coalesced", speech=SILENT)
    _ana, bia = stage.join("ana", "bia")
    assert len(bia.said) == 1
    assert stage.lines.greetings == set()


def test_somebody_refused_says_nothing_that_could_be_a_name(room: Open) -> None:
    stage = room(profile="coalesced")
    ana, _bia = stage.join("ana", "bia")
    assert stage.tries(ana.name).member.said == []


def test_one_person_alone_can_come_over_a_line_that_suffers(room: Open) -> None:
    stage = room()
    ana, _bia = stage.join("ana", "bia")
    caio, link = stage.join_over_a_line("caio")
    stall = Stall()
    link.upstream.add(stall)
    text = caio.says()
    stage.pump(lambda: stall.held.bytes > 0, 20.0)
    assert not ana.copies_of(text)
    link.heal()
    ana.expects(message(caio, text))
    assert stall.proof() == f"{len(text) + 1} bytes were held after byte 0"


def test_what_is_held_on_a_line_has_not_been_read(room: Open) -> None:
    stage = room()
    caio, link = stage.join_over_a_line("caio")
    link.upstream.add(Stall())
    caio.says()
    assert caio.client.has_unsent
    link.heal()
    stage.pump(lambda: not caio.client.has_unsent, 20.0)


def test_what_a_slow_link_still_carries_is_waited_for(room: Open) -> None:
    stage = room()
    ana, _bia = stage.join("ana", "bia")
    caio, link = stage.join_over_a_line("caio")
    link.upstream.add(Throttle(bytes_per_s=100))
    ana.expects(message(caio, caio.says(stage.vocabulary.long_text(400))), within_s=3.0)


def test_what_a_slow_link_still_carries_is_no_failure_of_the_target(room: Open) -> None:
    stage = room()
    stage.join("ana", "bia")
    caio, link = stage.join_over_a_line("caio")
    link.upstream.add(Throttle(bytes_per_s=100))
    caio.says(stage.vocabulary.long_text(500))
    stage.pump(lambda: link.held_bytes > 0, 20.0)
    verdict = stage.overdue("nothing came", stage.deadline(0.1))
    assert isinstance(verdict, Unproven)
    assert verdict.reason == "nothing came; but a link of ours had not carried all of it yet"


def test_whoever_leaves_in_order_lingers_until_a_slow_link_has_carried_the_fin(room: Open) -> None:
    stage = room()
    stage.join("ana", "bia")
    caio, link = stage.join_over_a_line("caio")
    link.upstream.add(Throttle(bytes_per_s=100))
    caio.says(stage.vocabulary.long_text(200))
    stage.leave(caio, "fin")
    stage.pump(lambda: caio.client.ended is not None, 20.0)
    assert caio.client.ended == "FIN"


def test_what_nobody_reads_over_a_link_is_one(room: Open) -> None:
    stage = room()
    ana, _bia = stage.join("ana", "bia")
    caio, link = stage.join_over_a_line("caio")
    link.upstream.add(Stall())
    with pytest.raises(Contradicted, match="never saw"):
        ana.expects(message(caio, caio.says()), within_s=0.1)
