"""What did not come, and whose fault that is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from threading import Event
from typing import cast

import pytest
from harness_stage import SPEECH, Forgetful

from harness.deadline import Deadline
from harness.expect import joined, message, private
from harness.room import Room
from harness.scene import LOOKS
from harness.verdict import Contradicted, Lacking, Spoilt

Open = Callable[..., Room]


def test_silence_is_told_with_its_length(room: Open) -> None:
    stage = room("says nothing")
    ana, bia = stage.join("ana", "bia")
    stage.all_see(joined(bia), [ana, bia])
    with pytest.raises(Contradicted, match=r"never saw “message” .*: silent for 0\.3 s$"):
        bia.expects(message(ana, ana.says()), within_s=0.3)


def test_a_text_in_another_form_is_shown(room: Open) -> None:
    stage = room("another form")
    ana, bia = stage.join("ana", "bia")
    text = ana.says()
    with pytest.raises(Contradicted) as failed:
        bia.expects(message(ana, text), within_s=0.3)
    assert "its text came in another form, 1 time(s): " in failed.value.reason
    assert f"{ana.name} disse {text}!\\n" in failed.value.reason
    assert f"; looked for message = '{ana.name}: {text}'; no" in failed.value.reason
    assert failed.value.reason.endswith(f"; no template matched: {ana.name} disse {text}!")


def test_what_the_target_file_does_not_describe_is_lacking(room: Open) -> None:
    stage = room(speech=re.sub(r"\nprivate +=.*>.*", "", SPEECH))
    ana, bia = stage.join("ana", "bia")
    with pytest.raises(Lacking, match=r"describes no \[receive\] private"):
        bia.expects(private(ana, ana.tells(bia)))


def test_what_came_instead_is_shown(room: Open) -> None:
    stage = room()
    ana, bia = stage.join("ana", "bia")
    ana.says("oi")
    with pytest.raises(Contradicted, match=r"did not come within 0\.3 s; the last that came: .*oi"):
        bia.expects(private(ana, "nada"), within_s=0.3)


def test_a_connection_that_had_ended_is_the_reason(room: Open) -> None:
    stage = room("dies")
    ana, bia = stage.join("ana", "bia")
    text = ana.says()
    with pytest.raises(Contradicted, match=r"its connection had ended \((FIN|ECONNRESET)\)$"):
        bia.expects(message(ana, text), within_s=1.0)


def test_who_was_sent_away_while_we_were_late_may_have_been_for_that(room: Open) -> None:
    stage = room()
    (ana,) = stage.join("ana")
    ana.says("/sair")
    stage.pump(lambda: not ana.client.is_open, 10.0)
    with pytest.raises(Contradicted, match=r"could not do “message”: the connection ended"):
        ana.says()
    late_s = stage.limits.observation_s / 5
    stage.reactor.lags = [(stage.began, late_s)]
    with pytest.raises(Spoilt, match=rf"connection ended; .* itself was {late_s:.1f} s late"):
        ana.says()


def test_when_the_harness_itself_was_late_nothing_is_said_of_the_server(room: Open) -> None:
    stage = room("says nothing")
    ana, bia = stage.join("ana", "bia")
    stage.reactor.lags = []
    stage.reactor.each_turn(lambda: cast("None", Event().wait(0.1)))  # the lag itself
    with pytest.raises(Spoilt, match=r"but the harness itself was 0\.\d s late"):
        bia.expects(message(ana, ana.says()), within_s=0.5)


def test_what_does_not_come_while_the_harness_is_late_is_looked_for_again(room: Open) -> None:
    stage = room("says nothing")
    ana, bia = stage.join("ana", "bia")
    stage.reactor.lags = Forgetful([(time.monotonic() + 0.4, 0.4)])  # late once, and no more
    with pytest.raises(Contradicted, match=r"silent for 0\.5 s"):
        bia.expects(message(ana, ana.says()), within_s=0.5)


def test_what_comes_only_when_it_is_looked_for_again_proves_nothing(room: Open) -> None:
    stage = room()
    stage.reactor.lags = [(time.monotonic(), 0.5)]
    missed = Deadline(time.monotonic(), 1.0)
    assert isinstance(stage.overdue("nothing came", missed, lambda _again: True), Spoilt)


def test_who_ended_while_the_harness_was_late_may_have_shown_it_before(room: Open) -> None:
    stage = room()
    stage.reactor.lags = [(time.monotonic(), 0.5)]
    missed = Deadline(time.monotonic(), 1.0)
    assert isinstance(stage.overdue("nothing came", missed, lambda _again: False), Spoilt)


def test_who_is_late_whenever_it_looks_gives_up_looking(room: Open) -> None:
    stage = room()
    looks: list[Deadline] = []

    def look(again: Deadline) -> bool:
        looks.append(again)
        stage.reactor.pump(lambda: again.passed, again)
        stage.reactor.lags = [(time.monotonic(), 0.5)]
        return False

    stage.reactor.lags = [(time.monotonic(), 0.5)]
    missed = Deadline(time.monotonic(), 0.1)
    assert isinstance(stage.overdue("nothing came", missed, look), Spoilt)
    assert len(looks) == LOOKS


def test_a_limit_that_was_passed_while_the_harness_was_late_proves_nothing(room: Open) -> None:
    stage = room()
    stage.reactor.lags = [(time.monotonic(), 0.5)]
    began_s = stage.history.now_s()
    stage.within_limit("it", 1.9, 2.0, began_s)
    with pytest.raises(Contradicted, match=r"^it took 2\.10 s; the limit is 2 s$"):
        stage.within_limit("it", 2.1, 2.0, began_s)
    stage.reactor.lags = [(time.monotonic(), 0.5)]
    with pytest.raises(Spoilt, match="but the harness itself was"):
        stage.within_limit("it", 2.1, 2.0, began_s)
    assert stage.ledger.obligations == {"RF-001.1": 1}


def test_what_may_come_is_waited_for_and_its_absence_counts_only_if_we_were_in_time(
    room: Open,
) -> None:
    stage = room()
    assert stage.awaits_in_time("it", lambda: True, 0.3)
    stage.reactor.lags = Forgetful()
    assert not stage.awaits_in_time("it", lambda: False, 0.3)
    stage.reactor.each_turn(lambda: cast("None", Event().wait(0.1)))  # the lag itself
    stage.reactor.lags = []
    with pytest.raises(Spoilt, match=r"^it did not come; but the harness itself was 0\.\d s late"):
        stage.awaits_in_time("it", lambda: False, 0.3)
