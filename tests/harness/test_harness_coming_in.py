"""How people come into a room, against a tiny server with one bug at a time."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from harness_stage import SHORT_S, SILENT, SPEECH

from harness import entering
from harness.expect import joined, message
from harness.operations import Outcome
from harness.room import Room
from harness.verdict import Contradicted, Lacking, Unproven

Open = Callable[..., Room]


def test_a_join_is_done_when_the_notice_of_it_has_come(room: Open) -> None:
    stage = room()
    ana, bia = stage.join("ana", "bia")
    assert stage.members == stage.everyone == [ana, bia]
    assert ana.seen(joined(bia)) == bia.seen(joined(bia)) == 1
    assert repr(ana) == f"<Member {ana.name}>"


def test_after_a_silent_handshake_ones_own_words_prove_the_admission(room: Open) -> None:
    stage = room(speech=SILENT)
    ana, bia = stage.join("ana", "bia")
    assert len(bia.said) == 1
    assert ana.seen(message(bia, bia.said[0])) == 1


def test_a_silent_handshake_that_nobody_hears_of_is_no_admission(room: Open) -> None:
    stage = room("says nothing", speech=SILENT, observation_s=SHORT_S)
    stage.join("ana")
    with pytest.raises(Contradicted, match=r"ana\w+ never saw “message” \(from bia"):
        stage.join("bia")


@pytest.mark.parametrize("speech", [SPEECH, SILENT], ids=["answered", "silent"])
def test_a_name_in_use_is_a_refusal_and_its_words_are_kept(room: Open, speech: str) -> None:
    stage = room(speech=speech)
    ana, _bia = stage.join("ana", "bia")
    attempt = stage.tries(ana.name)
    assert attempt.refused is not None
    assert attempt.refused.raw == "! em-uso"
    assert attempt.result is not None
    expected = Outcome.DONE if speech == SILENT else Outcome.REFUSED
    assert attempt.result.outcome is expected


def test_a_refusal_where_admission_was_expected_is_told_in_its_words(room: Open) -> None:
    with pytest.raises(Contradicted, match=r"^ana\w+ was not admitted: refused with '! cheio'$"):
        room("is full").join("ana")


def test_a_server_that_does_not_answer_admits_nobody(room: Open) -> None:
    stage = room("is mute", observation_s=SHORT_S)
    with pytest.raises(Contradicted) as failed:
        stage.join("ana")
    name = stage.everyone[0].name
    assert failed.value.reason == (
        f"{name} was not admitted: nothing that was waited for came "
        f"while waiting for '+ {name}'; received: nothing"
    )


def test_prompts_that_look_alike_are_waited_for_one_by_one(room: Open) -> None:
    steps = 'join = [{expect = "? "}, "senha", {expect = "? "}, "{name}", {expect = "+ {name}"}]\n'
    speech = re.sub(r"join +=.*\n", steps, SPEECH)
    stage = room("asks twice", speech=speech.replace("[receive]", '[receive]\nignore = "? {rest}"'))
    stage.join("ana")
    written = [entry.what for entry in stage.history.entries if entry.mark in "<>"]
    senha = written.index("senha\\n")
    assert "? " in "".join(written[:senha])
    assert "? " in "".join(written[senha : written.index(f"{stage.members[0].name}\\n")])


def test_a_ping_is_answered_with_what_it_held(room: Open) -> None:
    stage = room("pings")
    stage.join("ana")
    assert "PONG 12\\n" in [entry.what for entry in stage.history.entries]


def test_whoever_comes_in_to_leave_has_been_sent_all_of_its_coming(room: Open) -> None:
    stage = room("greets late")
    stage.join("ana", "bia")
    caio = stage.join_to_leave("caio", "killed")
    assert b"bem-vindo" in caio.client.received


def test_of_claims_that_waited_for_the_server_one_is_admitted(room: Open) -> None:
    stage = room()
    stage.join("ana", "bia")
    attempts = stage.claim_at_once(stage.vocabulary.name("caio"), 4)
    assert sorted(bool(attempt.refused) for attempt in attempts) == [False, True, True, True]


def test_claims_are_made_after_whatever_comes_before_the_name(room: Open) -> None:
    steps = 'join = [{expect = "? "}, "senha", {expect = "? "}, "{name}", {expect = "+ {name}"}]\n'
    stage = room("asks twice", speech=re.sub(r"join +=.*\n", steps, SPEECH))
    attempts = stage.claim_at_once("anabcdf", 2)
    assert sum(attempt.is_lost for attempt in attempts) == 1


def test_where_nobody_claims_a_name_there_are_no_simultaneous_claims(room: Open) -> None:
    stage = room(speech=re.sub(r"join +=.*\n", 'join = "oi"\n', SPEECH))
    with pytest.raises(Lacking, match="in which nobody claims a name"):
        stage.claim_at_once("anabcdf", 2)


def test_claims_that_the_server_has_read_at_once_were_not_simultaneous(
    room: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = room(observation_s=0.2)
    monkeypatch.setattr(Room, "is_behind", lambda *_: False)  # a race, made certain
    with pytest.raises(Unproven, match="the claims were not all waiting"):
        stage.claim_at_once("anabcdf", 2)


def test_claims_on_a_server_that_cannot_be_stopped_were_not_simultaneous(
    room: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = room(observation_s=0.2)
    monkeypatch.setattr(stage.running.process, "send_signal", lambda _sig: None)
    with pytest.raises(Unproven, match="the server could not be stopped"):
        stage.claim_at_once("anabcdf", 2)


def test_somebody_who_cannot_connect_is_told_with_the_reason(room: Open) -> None:
    stage = room()
    stage.running.process.end(stage.deadline())
    with pytest.raises(Contradicted, match=r"ana\w+ could not connect: ECONNREFUSED at 127"):
        stage.join("ana")


def test_whether_somebody_is_heard_is_seen_in_the_bytes(room: Open) -> None:
    stage = room("admits all", observation_s=SHORT_S)
    ana, _bia = stage.join("ana", "bia")
    attempt = entering.attempt(stage, ana.name)
    attempt.speech.take_step(stage.deadline())
    assert stage.is_heard(attempt.member)


def test_whoever_would_be_one_too_many_for_the_target_is_lacking(room: Open) -> None:
    stage = room(speech=SPEECH + "[limits]\nclients = 2\n")
    stage.join("ana", "bia")
    with pytest.raises(Lacking, match="at most 2 clients"):
        stage.join("caio")


def test_a_text_that_the_target_says_it_does_not_take_is_lacking(room: Open) -> None:
    stage = room(speech=SPEECH + "[limits]\ntext_bytes = 50\n")
    (ana,) = stage.join("ana")
    with pytest.raises(Lacking, match="a text has at most 50 bytes, not 51"):
        ana.says("x" * 51)
