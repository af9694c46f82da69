"""Servers that let in one after the other, or call people by words of their own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from harness_stage import SPEECH

from harness.crowd import Crowd
from harness.expect import private, unknown_recipient
from harness.resources import stays_quiet
from harness.room import Room
from harness.verdict import Contradicted, Unproven

Open = Callable[..., Room]
SHORT_S = 1.0
ASKED = re.sub(r"join +=", 'join = [{expect = "?"}, "{name}", {expect = "+ {name}"}]\n#', SPEECH)
"""The server asks for the name."""
BY_ID = SPEECH.replace('{expect = "+ {name}"}', '{expect = "+ {id}"}').replace("@{to}", "@{to.id}")
"""The server says by which word it calls somebody, and wants this word for a recipient."""


def test_of_claims_that_are_asked_for_one_by_one_each_is_made_when_it_is_asked_for(
    room: Open,
) -> None:
    speech = ASKED.replace('{expect = "+ {name}"}', '{expect = "+ "}')
    stage = room("asks one by one", "admits all", speech=speech, observation_s=SHORT_S)
    attempts = stage.claim_at_once("anabcdf", 3)
    assert [attempt.is_lost for attempt in attempts] == [False, False, False]


def test_claims_that_are_asked_for_one_by_one_prove_nothing_where_one_wins(room: Open) -> None:
    stage = room("asks one by one", speech=ASKED, observation_s=SHORT_S)
    with pytest.raises(Unproven, match="one name after the other, so no two were simultaneous"):
        stage.claim_at_once("anabcdf", 3)


def test_claims_that_get_no_answer_are_told(room: Open) -> None:
    stage = room("asks one by one", "asks again", speech=ASKED, observation_s=SHORT_S)
    with pytest.raises(Contradicted, match="of one name 1 were granted, and 1 got no answer"):
        stage.claim_at_once("anabcdf", 3)


def test_a_crowd_comes_in_one_by_one_where_the_server_asks_one_by_one(room: Open) -> None:
    stage = room("asks one by one", speech=ASKED)
    stage.join("ana", "bia")
    crowd = Crowd(stage)
    crowd.bursts_in(5)
    assert len(crowd.members) == 5


def test_a_recipient_is_called_by_the_word_that_the_server_gave_it(room: Open) -> None:
    stage = room(speech=BY_ID)
    ana, bia = stage.join("ana", "bia")
    assert bia.given == {"id": bia.name}
    secret = ana.tells(bia)
    bia.expects(private(ana, secret))


def test_nobody_is_called_by_a_name_that_nobody_has(room: Open) -> None:
    stage = room(speech=BY_ID)
    (ana,) = stage.join("ana")
    ana.tells("nadanad")
    ana.expects(unknown_recipient())


def test_a_server_that_repeats_itself_is_not_quiet(room: Open) -> None:
    stage = room("repeats itself")
    _ana, _bia, caio = stage.join("ana", "bia", "caio")
    stage.leave(caio, "fin")
    with pytest.raises(Contradicted, match=r"the server sent \d+ bytes in .* nothing happened"):
        stays_quiet(stage, "a test")


def test_where_people_have_numbers_nobody_has_one_too(room: Open) -> None:
    stage = room(speech=BY_ID)
    ana, bia = stage.join("ana", "bia")
    ana.given, bia.given = {"id": "7"}, {"id": "8"}
    for recipient, number in ((bia.name.upper(), "8"), ("nadanad", "999999"), ("", "")):
        text = ana.tells(recipient)
        assert f"@{number} {text}\\n" in [entry.what for entry in stage.history.entries]
