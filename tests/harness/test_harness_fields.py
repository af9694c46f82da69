"""Protocols of JSON: an object is written whole, and recognised by its fields."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from harness_stage import Stage, dialect, soon, vocabulary
from hypothesis import given
from hypothesis import strategies as st

from harness.dialects.fields import FieldsTemplate, as_lines
from harness.dialects.template import TemplateError
from harness.expect import Kind
from harness.operations import Outcome, Speech

WIRE = """
[wire]
framing = "json"
[send]
join    = [{type = "join", name = "{name}"}, {expect = {type = "welcome", id = "{id}"}}]
message = {type = "say", text = "{text}", by = "{id}", loud = true}
private = {send = {to = "{to.id}", text = "{text}"}}
[receive]
joined  = {type = "joined", "user.name" = "{name}"}
message = [{type = "said", by = "{from}", text = "{text}"}]
error   = {code = 7}
"""
ANA = vocabulary().name("ana")


def read(folder: Path, *objects: object) -> list[tuple[Kind, dict[str, str]]]:
    """What these objects are recognised as."""
    words = vocabulary()
    words.admit(ANA)
    reader = dialect(folder, WIRE).recogniser(words)
    data = "".join(json.dumps(each) + "\n" for each in objects).encode()
    return [(event.kind, dict(event.fields)) for event in reader.feed(data, 0.0)]


def test_an_object_is_recognised_by_its_fields_in_whatever_order_among_others(
    tmp_path: Path,
) -> None:
    said = {"text": "qbcdfghjkmnp", "at": 12.5, "type": "said", "by": ANA}
    joined = {"type": "joined", "user": {"id": 7, "name": ANA}}
    assert read(tmp_path, said, joined, {"code": 7}) == [
        (Kind.MESSAGE, {"from": ANA, "text": "qbcdfghjkmnp"}),
        (Kind.JOINED, {"name": ANA}),
        (Kind.ERROR, {}),
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"type": "joined", "user": {"name": "ninguém"}},
        {"type": "joined", "name": ANA},
        {"type": "rejoined", "user": {"name": ANA}},
        {"type": "joined by mistake", "user": {"name": ANA}},
        {"code": 77},
        ["joined", ANA],
    ],
)
def test_an_object_with_another_value_is_not_recognised(tmp_path: Path, other: object) -> None:
    assert read(tmp_path, other) == []


@given(st.text())
def test_any_text_is_written_so_that_it_is_read_again(text: str) -> None:
    template = FieldsTemplate.of({"type": "say", "text": "{text}", "n": 5})
    assert json.loads(template.written({"text": text})) == {"type": "say", "text": text, "n": 5}


def test_an_object_is_read_as_lines() -> None:
    text = '{"a": "é \\u00e9", "b": {"c": [1, "x"], "d": true}, "e": null}'
    assert as_lines(text) == "a: é é\nb.c: 1, x\nb.d: true\ne: null"


@pytest.mark.parametrize("text", ["oi", "[1]", '"a"', "{", ""])
def test_what_is_no_object_is_left_as_it_is(text: str) -> None:
    assert as_lines(text) == text


def test_a_step_waits_for_an_object_and_captures_from_it(stage: Stage, tmp_path: Path) -> None:
    speech, words = dialect(tmp_path, WIRE), vocabulary()
    client, peer = stage.client(speech.recogniser(words))  # type: ignore[arg-type]
    steps = (*speech.operations["join"], *speech.operations["message"])
    saying = Speech(
        client, speech, words, stage.reactor, steps, {"name": "ana", "text": '"oi"'}, stage.network
    )
    peer.sendall(b'{"type": "hello"}\n{"id": 42, "type": "welcome"}\n')
    assert saying.run(soon()).outcome is Outcome.DONE
    written = [json.loads(line) for line in peer.recv(999).splitlines()]
    assert written == [
        {"type": "join", "name": "ana"},
        {"type": "say", "text": '"oi"', "by": "42", "loud": True},
    ]


def test_half_an_object_is_not_taken_for_one(stage: Stage, tmp_path: Path) -> None:
    speech, words = dialect(tmp_path, WIRE), vocabulary()
    client, peer = stage.client(speech.recogniser(words))  # type: ignore[arg-type]
    waiting = speech.operations["join"][1:]
    saying = Speech(client, speech, words, stage.reactor, waiting, {"name": "ana"}, stage.network)
    peer.sendall(b'{"type": "welcome", "id": 4')
    stage.pump(lambda: bool(client.received))
    assert not saying.may_go_on
    peer.sendall(b"2}\n")
    stage.pump(lambda: saying.may_go_on)


def test_a_ghost_is_seen_in_an_object_without_a_name(tmp_path: Path) -> None:
    (loose,) = dialect(tmp_path, WIRE).loosely(Kind.JOINED)
    assert loose.search(as_lines('{"user": {"name": ""}, "type": "joined"}'))
    assert not loose.search(as_lines('{"type": "joined"}'))


def test_a_field_that_is_no_template_is_refused() -> None:
    with pytest.raises(TemplateError, match="is not a hole"):
        FieldsTemplate.of({"text": "{texto}"})
