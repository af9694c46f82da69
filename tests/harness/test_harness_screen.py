"""What a server shows on its own terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from harness_stage import SHORT_S, SPEECH

from harness.room import Room
from harness.verdict import Contradicted

Open = Callable[..., Room]


def test_the_screen_shows_who_comes_and_goes(room: Open) -> None:
    stage = room(speech=SPEECH + '[screen]\njoined = "+ {name}"\nleft = "- {name}"\n')
    mark = stage.screen.mark()
    ana, bia = stage.join("ana", "bia")
    stage.screen.shows_arrival(bia, mark)
    assert stage.screen.announced_twice(ana) is None
    leaving = stage.leave(bia, "quit")
    stage.screen.shows_departure(bia, leaving.screen_mark)


def test_a_screen_that_does_not_show_it_is_quoted(room: Open) -> None:
    stage = room(speech=SPEECH + '[screen]\nleft = "tchau {name}"\n', observation_s=SHORT_S)
    (ana,) = stage.join("ana")
    with pytest.raises(
        Contradicted, match=rf"not show 'tchau {ana.name}'; it shows: '\+ {ana.name}"
    ):
        stage.screen.shows_departure(ana, 0)
    with pytest.raises(Contradicted, match=r"; it shows nothing$"):
        stage.screen.shows_departure(ana, stage.screen.mark())


def test_words_on_the_screen_are_no_notice_about_who_said_them(room: Open) -> None:
    stage = room("shows words", observation_s=SHORT_S)
    ana, bia = stage.join("ana", "bia")
    stage.screen.awaits_arrival(ana, 0)
    stage.screen.awaits_arrival(bia, 0)
    mark = stage.screen.mark()
    text = ana.says()
    assert stage.pump(lambda: text in stage.running.process.output_since(mark), 20.0)
    with pytest.raises(Contradicted, match=rf"not show '{ana.name}'; it shows: '{ana.name}: q"):
        stage.screen.shows_departure(ana, mark)


def test_an_arrival_that_no_screen_shows_is_waited_for_in_vain(room: Open) -> None:
    stage = room(speech=SPEECH + '[screen]\njoined = "oi {name}"\n', observation_s=SHORT_S)
    (ana,) = stage.join("ana")
    stage.screen.awaits_arrival(ana, 0)
    assert f"+ {ana.name}" in stage.running.process.output_since(0)


def test_a_second_arrival_of_one_name_on_the_screen_is_seen(room: Open) -> None:
    stage = room(speech=SPEECH + '[screen]\njoined = "+ {name}"\n')
    ana, bia = stage.join("ana", "bia")
    stage.screen.shows_arrival(bia, 0)
    assert stage.screen.announced_twice(bia) is None
    stage.leave(ana, "fin")
    again = stage.admit(ana.name)
    said = stage.pump(lambda: stage.screen.announced_twice(again) is not None, 5.0)
    assert said
    assert f"announces a second {ana.name}" in (stage.screen.announced_twice(again) or "")


def test_a_screen_that_only_has_names_says_nothing_of_arrivals(room: Open) -> None:
    stage = room()
    ana, bia = stage.join("ana", "bia")
    stage.screen.shows_arrival(ana, 0)
    stage.leave(bia, "fin")
    stage.admit(bia.name)
    assert stage.screen.announced_twice(bia) is None
