"""What is expected in a room, and what is kept secret there, with one bug at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from harness_stage import SHORT_S, SPEECH, said_of

from harness.expect import Kind, message, private, unknown_recipient
from harness.room import Room
from harness.verdict import Contradicted, Lacking, Unproven, Verdict

Open = Callable[..., Room]


# -- exactly as often as expected ---------------------------------------------------------


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


# -- secrets ------------------------------------------------------------------------------


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


# -- fences -------------------------------------------------------------------------------


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


# -- operations that a target lacks -------------------------------------------------------

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


# -- the list of users --------------------------------------------------------------------


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
