"""The stage of a scenario, against a tiny server with one bug at a time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import cast

import pytest
from harness_stage import SILENT, SPEECH, open_room

from harness import entering
from harness.deadline import Deadline
from harness.departing import EVERY_WAY, Departure
from harness.ending import crash_in
from harness.expect import Kind, echo, joined, left, message, private, unknown_recipient
from harness.member import Member
from harness.operations import Outcome
from harness.room import Room
from harness.scene import LOOKS
from harness.verdict import Contradicted, Lacking, Unproven, Verdict

Open = Callable[..., Room]
SHORT_S = 1.5
"""How long something is waited for that never comes."""


def said_of(room: Room) -> tuple[Verdict, str]:
    """Finish; return the verdict and its reason."""
    room.finish()
    (judgement,) = room.ledger.judgements()
    return judgement.verdict, judgement.reason or ""


# -- exactly as often as expected -----------------------------------------------------------


def test_what_came_once_and_was_expected_once_is_verified(room: Open) -> None:
    stage = room()
    ana, bia = stage.join("ana", "bia")
    text = ana.says()
    event = bia.expects(message(ana, text))
    assert event.fields == {"from": ana.name, "text": text}
    assert said_of(stage) == (Verdict.VERIFIED, "")
    assert stage.findings == []


@pytest.mark.parametrize("bug", ["doubles", "doubles in the end"])
def test_a_doubled_message_is_caught_in_the_end_at_the_latest(room: Open, bug: str) -> None:
    stage = room(bug)
    ana, bia = stage.join("ana", "bia")
    text = ana.says()
    bia.expects(message(ana, text))
    verdict, reason = said_of(stage)
    assert verdict is Verdict.FAILED
    assert f"{bia.name} saw “message” (from {ana.name}, text {text}) 2 times instead of 1" in reason


def test_a_copy_in_a_form_that_nobody_described_is_caught_too(room: Open) -> None:
    stage = room("copies in the end")
    ana, bia = stage.join("ana", "bia")
    text = ana.says()
    bia.expects(message(ana, text))
    assert said_of(stage) == (
        Verdict.FAILED,
        f"{bia.name} received 2 copies of {text} instead of 1",
    )


def test_a_long_text_that_came_once_is_one_copy(room: Open) -> None:
    stage = room()
    ana, bia = stage.join("ana", "bia")
    text = ana.says(stage.vocabulary.long_text(stage.promises.longest_text_bytes))
    bia.expects(message(ana, text))
    assert bia.copies_of(text) == 1
    assert said_of(stage) == (Verdict.VERIFIED, "")


def test_each_expectation_claims_one_more(room: Open) -> None:
    stage = room("doubles", observation_s=SHORT_S)
    ana, bia = stage.join("ana", "bia")
    text = ana.says()
    bia.expects(message(ana, text))
    bia.expects(message(ana, text))
    with pytest.raises(Contradicted, match="it came 2 times, and was expected once more"):
        bia.expects(message(ana, text), within_s=0.2)


# -- what did not come ----------------------------------------------------------------------


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


def test_when_the_harness_itself_was_late_nothing_is_said_of_the_server(room: Open) -> None:
    stage = room("says nothing")
    ana, bia = stage.join("ana", "bia")
    stage.reactor.lags = []
    stage.reactor.each_turn(lambda: cast("None", Event().wait(0.1)))  # the lag itself
    with pytest.raises(Unproven, match=r"but the harness itself was 0\.\d s late"):
        bia.expects(message(ana, ana.says()), within_s=0.5)


def test_what_does_not_come_while_the_harness_is_late_is_looked_for_again(room: Open) -> None:
    stage = room("says nothing")
    ana, bia = stage.join("ana", "bia")
    stage.reactor.lags = [(time.monotonic() + 0.4, 0.4)]
    with pytest.raises(Contradicted, match=r"silent for 0\.5 s"):
        bia.expects(message(ana, ana.says()), within_s=0.5)


def test_what_comes_only_when_it_is_looked_for_again_proves_nothing(room: Open) -> None:
    stage = room()
    stage.reactor.lags = [(time.monotonic(), 0.5)]
    missed = Deadline(time.monotonic(), 1.0)
    assert isinstance(stage.overdue("nothing came", missed, lambda _again: True), Unproven)


def test_who_ended_while_the_harness_was_late_may_have_shown_it_before(room: Open) -> None:
    stage = room()
    stage.reactor.lags = [(time.monotonic(), 0.5)]
    missed = Deadline(time.monotonic(), 1.0)
    assert isinstance(stage.overdue("nothing came", missed, lambda _again: False), Unproven)


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
    assert isinstance(stage.overdue("nothing came", missed, look), Unproven)
    assert len(looks) == LOOKS


def test_a_limit_that_was_passed_while_the_harness_was_late_proves_nothing(room: Open) -> None:
    stage = room()
    stage.reactor.lags = [(time.monotonic(), 0.5)]
    began_s = stage.history.now_s()
    stage.within_limit("it", 1.9, 2.0, began_s)
    with pytest.raises(Contradicted, match=r"^it took 2\.10 s; the limit is 2 s$"):
        stage.within_limit("it", 2.1, 2.0, began_s)
    stage.reactor.lags = [(time.monotonic(), 0.5)]
    with pytest.raises(Unproven, match="but the harness itself was"):
        stage.within_limit("it", 2.1, 2.0, began_s)
    assert stage.ledger.obligations == {"RF-001.1": 1}


# -- secrets --------------------------------------------------------------------------------


def test_a_secret_that_was_kept_is_verified_by_a_fence(room: Open) -> None:
    stage = room()
    ana, bia, caio = stage.join("ana", "bia", "caio")
    secret = ana.tells(bia)
    bia.expects(private(ana, secret))
    caio.never_saw(secret)
    assert said_of(stage) == (Verdict.VERIFIED, "")


def test_a_leak_in_an_unknown_form_is_caught(room: Open) -> None:
    stage = room("leaks")
    ana, bia, caio = stage.join("ana", "bia", "caio")
    secret = ana.tells(bia)
    with pytest.raises(Contradicted, match=f"{caio.name} received the text {secret}, which"):
        caio.never_saw(secret)


def test_a_leak_at_the_very_end_is_caught(room: Open) -> None:
    stage = room("leaks in the end")
    ana, bia, caio = stage.join("ana", "bia", "caio")
    secret = ana.tells(bia)
    caio.never_saw(secret)
    assert said_of(stage) == (
        Verdict.FAILED,
        f"{caio.name} received the text {secret}, which {ana.name} did not send to it",
    )


@pytest.mark.parametrize(("bugs", "leaks"), [((), False), (("leaks on the screen",), True)])
def test_a_secret_on_the_servers_screen_is_a_leak(
    room: Open, bugs: tuple[str, ...], leaks: bool
) -> None:
    stage = room(*bugs)
    ana, bia = stage.join("ana", "bia")
    secret = ana.tells(bia)
    bia.expects(private(ana, secret))
    stage.judge(lambda: None)
    stage.in_the_end(lambda: stage.screen.leak_of(secret))
    assert (said_of(stage)[0] is Verdict.FAILED) is leaks


# -- fences ---------------------------------------------------------------------------------


def test_a_fence_goes_through_the_connection_of_the_one_who_spoke(room: Open) -> None:
    stage = room()
    ana, _bia = stage.join("ana", "bia")
    assert stage.fence(ana) == f"a marker through {ana.name}"
    assert stage.history.entries[-1].what == f"fence: a marker through {ana.name}"


def test_for_a_connection_that_is_gone_the_fence_is_two_rounds_and_a_newcomer(room: Open) -> None:
    stage = room()
    ana, _bia, _caio = stage.join("ana", "bia", "caio")
    stage.leave(ana, "fin")
    assert stage.fence(ana) == "two full rounds, then a newcomer"
    assert [m.name[:3] for m in stage.members] == ["bia", "cai", "fim"]
    assert all(len(member.said) >= 3 for member in stage.members[:2])


def test_with_one_member_alone_there_is_no_fence(room: Open) -> None:
    stage = room()
    (ana,) = stage.join("ana")
    for through in (ana, None):
        with pytest.raises(Unproven, match="with one member alone there is no fence"):
            stage.fence(through)


# -- coming in ------------------------------------------------------------------------------


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


# -- operations that a target lacks ---------------------------------------------------------

BARE = SPEECH.replace('private = "@{to} {text}"\n', "").replace('users   = "/quem"\n', "")


def test_an_operation_that_is_not_described_is_lacking(room: Open) -> None:
    stage = room(speech=BARE.replace('quit    = "/sair"\n', ""))
    ana, bia = stage.join("ana", "bia")
    for act, operation in (
        (lambda: ana.tells(bia), "private"),
        (ana.asks_who_is_here, "users"),
        (lambda: stage.leave(ana, "quit"), "quit"),
    ):
        with pytest.raises(Lacking, match=rf"the target file describes no \[send\] {operation}$"):
            act()


def test_an_operation_on_a_connection_that_has_ended_cannot_be_done(room: Open) -> None:
    stage = room("dies")
    ana, _bia = stage.join("ana", "bia")
    ana.says()
    stage.pump(lambda: not ana.client.is_open, 20.0)
    with pytest.raises(Contradicted, match=f"^{ana.name} could not do “message”: the connection"):
        ana.says()


# -- the list of users ----------------------------------------------------------------------


def test_a_list_of_users_has_everybody_who_is_here(room: Open) -> None:
    stage = room()
    ana, bia = stage.join("ana", "bia")
    assert stage.list_of_users(bia) == {ana.name, bia.name}


def test_a_list_of_users_without_somebody_is_told(room: Open) -> None:
    stage = room("forgets", observation_s=SHORT_S)
    ana, bia = stage.join("ana", "bia")
    with pytest.raises(Contradicted, match=f"the list of users does not have {ana.name}$"):
        stage.list_of_users(bia)


def test_an_unknown_recipient_is_told_to_the_sender(room: Open) -> None:
    stage = room()
    ana, bia = stage.join("ana", "bia")
    ana.tells("ninguem")
    ana.expects(unknown_recipient())
    assert not bia.client.has(Kind.UNKNOWN_RECIPIENT)


# -- leaving --------------------------------------------------------------------------------


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
    caio, leaving = departure(stage, "rst")
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


# -- strays ---------------------------------------------------------------------------------


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


def test_a_departure_that_should_not_be_told_is_caught(room: Open) -> None:
    stage = room()
    ana, bia, caio = stage.join("ana", "bia", "caio")
    since = stage.marks()
    stage.leave(caio, "fin")
    stage.all_see(left(caio), [ana, bia])
    with pytest.raises(Contradicted, match=f"was told: '- {caio.name}'"):
        stage.no_notice(since)


# -- the screen -----------------------------------------------------------------------------


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


# -- the end --------------------------------------------------------------------------------


def test_a_traceback_on_the_screen_is_a_finding_and_explains_every_reason(room: Open) -> None:
    stage = room("crashes", "doubles")
    ana, bia = stage.join("ana", "bia")
    bia.expects(message(ana, ana.says()))
    stage.pump(lambda: "RuntimeError: um erro" in stage.running.process.output_since(0), 20.0)
    verdict, reason = said_of(stage)
    assert verdict is Verdict.FAILED
    assert reason.endswith("; the server printed a traceback: RuntimeError: um erro")
    assert [(f.kind, f.detail) for f in stage.findings] == [("traceback", "RuntimeError: um erro")]


def test_a_server_that_ended_by_itself_explains_every_reason(room: Open) -> None:
    stage = room("dies")
    ana, bia = stage.join("ana", "bia")
    text = ana.says()
    with stage.about("RF-001.1"):
        bia.expects(message(ana, text), within_s=1.0)
    stage.pump(lambda: stage.running.process.status is not None, 20.0)
    _verdict, reason = said_of(stage)
    assert "; the server had ended by itself with status 3: " in reason
    assert reason.endswith("adeus, mundo")


def test_a_server_that_ended_by_itself_is_to_blame_also_where_the_harness_was_late(
    room: Open,
) -> None:
    stage = room("dies")
    ana, bia = stage.join("ana", "bia")
    stage.reactor.lags = [(time.monotonic(), 5.0)]
    with pytest.raises(Contradicted, match="its connection had ended"):
        bia.expects(message(ana, ana.says()))


def test_who_could_not_leave_because_the_server_has_ended_is_a_contradiction(room: Open) -> None:
    stage = room("dies")
    ana, bia = stage.join("ana", "bia")
    ana.says()
    stage.pump(lambda: not bia.client.is_open, 20.0)
    with pytest.raises(
        Contradicted, match=r"^the server has ended: bia.* could not leave by rst: the"
    ):
        stage.leave(bia, "rst")


def test_everything_is_released_in_the_end(tmp_path: Path) -> None:
    stage = open_room(tmp_path)
    ana, _bia = stage.join("ana", "bia")
    stranger = stage.connect_only()
    stage.finish()
    stage.close()
    assert not stage.running.folder.exists()
    assert not ana.client.is_open
    assert not stranger.is_open
    assert stage.running.process.tree() == []


def test_all_hear_what_one_says_its_sender_too(room: Open) -> None:
    stage = room()
    ana, bia = stage.join("ana", "bia")
    text = ana.says()
    stage.all_expect(echo(ana, text))
    assert stage.views() == {ana.name: ana.events, bia.name: bia.events}
    stage.judge_views(lambda view, _name: None if view else "nothing")
    with pytest.raises(Contradicted, match=f"^{ana.name} was judged$"):
        stage.judge_views(lambda _view, name: f"{name} was judged")


@pytest.mark.parametrize(
    ("output", "crash"),
    [
        ("tudo bem", None),
        (
            'Traceback (most recent call last):\n  File "x", line 1\n    a\nValueError: não\n',
            "ValueError: não",
        ),
        ("Traceback (most recent call last):\n  File", ":\\n  File"),
        (
            'Traceback (most recent call last):\n  File "x"\nana entrou\nRuntimeError: não\n',
            "RuntimeError: não",
        ),
    ],
)
def test_the_last_line_of_a_traceback_says_what_it_was(output: str, crash: str | None) -> None:
    assert crash_in(output) == crash


def test_a_flood_is_a_finding_with_a_sample(room: Open) -> None:
    stage = room("floods")
    ana, bia = stage.join("ana", "bia")
    text = ana.says()
    stage.pump(lambda: bia.copies_of(text) == 1, 20.0)
    stage.finish()
    assert [finding.kind for finding in stage.findings] == ["flood", "flood"]
    assert re.match(rf"{ana.name} received 96\d\d\d bytes: ruido ruido", stage.findings[0].detail)
