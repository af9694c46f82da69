"""The shipped dialect of the reference, held to the golden bytes of spec/vectors.toml."""

from __future__ import annotations

from functools import cache

import pytest
from harness_stage import vocabulary

from harness.dialects.dialect import Dialect
from harness.expect import Event, Kind, Vocabulary
from harness.system import load
from spec import vectors
from spec.vectors import FromClient, FromServer, Garbage

ERRORS = {
    "nome-em-uso": Kind.NAME_TAKEN,
    "nome-invalido": Kind.NAME_INVALID,
    "destinatario-desconhecido": Kind.UNKNOWN_RECIPIENT,
    "formato-invalido": Kind.MALFORMED,
    "servidor-cheio": Kind.SERVER_FULL,
}
"""Every other code is an error without a kind of its own."""
GOLDEN = vectors.load()
SPOKEN = {"message": ("text",), "private": ("to", "text"), "users": (), "quit": (), "name": ()}
OPERATION = {"name": "join"}


@cache
def reference() -> Dialect:
    return load("reference-server").dialect


def words_of(event: dict[str, object]) -> Vocabulary:
    """A vocabulary in which the names and the text of an event are in use."""
    words = vocabulary()
    names = event.get("names", ())
    assert isinstance(names, tuple)
    for name in (*names, *(event[key] for key in ("name", "from", "to") if key in event)):
        words.admit(str(name))
    if "text" in event:
        words.special_texts.add(str(event["text"]).rstrip())
    return words


def read(data: bytes, words: Vocabulary) -> list[Event]:
    return reference().recogniser(words).feed(data, 0.0)


@pytest.mark.parametrize("vector", GOLDEN.from_server, ids=lambda vector: vector.name)
def test_every_line_of_the_server_is_recognised_for_what_it_is(vector: FromServer) -> None:
    (event,) = read(vector.data, words_of(dict(vector.event)))
    kind = vector.event["kind"]
    if kind == "error":
        assert event.kind is ERRORS.get(str(vector.event["code"]), Kind.ERROR)
        return
    assert event.kind == kind
    for field in ("name", "from", "to"):
        assert event.fields.get(field) == vector.event.get(field)
    assert event.fields.get("text", "") == str(vector.event.get("text", "")).rstrip()
    if kind == "users":
        assert event.names() == vector.event["names"]


def test_a_line_cut_at_any_byte_is_the_same_event() -> None:
    dialect = reference()
    for vector in GOLDEN.from_server:
        words = words_of(dict(vector.event))
        whole = read(vector.data, words)[0].kind
        for cut in range(1, min(len(vector.data), 60)):
            reading = dialect.recogniser(words)
            events = reading.feed(vector.data[:cut], 0.0) + reading.feed(vector.data[cut:], 0.0)
            assert [event.kind for event in events] == [whole]


@pytest.mark.parametrize("vector", GOLDEN.garbage, ids=lambda vector: vector.name)
def test_what_no_server_writes_is_no_event(vector: Garbage) -> None:
    words = vocabulary()
    for name in ("Ana", "Bia"):
        words.admit(name)
    words.special_texts.add("oi")
    reading = reference().recogniser(words)
    assert [
        e for e in reading.feed(vector.data, 0.0) if e.kind is not Kind.USERS or e.names()
    ] == []


def written_by_us() -> list[FromClient]:
    """The vectors of one whole line that means one operation with arguments of a usual form."""
    return [
        vector
        for vector in GOLDEN.from_client
        if len(vector.commands) == 1
        and vector.commands[0]["command"] in SPOKEN
        and vector.data.count(b"\n") == 1
        and vector.data.endswith(b"\n")
        and not (vector.commands[0]["command"] in ("users", "quit") and b" " in vector.data)
        and not vector.data.endswith(b"\r\n")
        and not vector.data.startswith(b"//")
    ]


@pytest.mark.parametrize("vector", written_by_us(), ids=lambda vector: vector.name)
def test_what_the_dialect_writes_are_the_bytes_of_the_specification(vector: FromClient) -> None:
    command = dict(vector.commands[0])
    operation = command.pop("command")
    steps = reference().steps(OPERATION.get(operation, operation))
    assert steps is not None
    first = steps[0]
    assert not first.waits
    assert reference().encode(first.template.render(command)) == vector.data


def test_every_operation_of_the_dialect_is_held_to_some_vector() -> None:
    held = {
        OPERATION.get(v.commands[0]["command"], v.commands[0]["command"]) for v in written_by_us()
    }
    assert held == set(reference().operations)


def test_a_join_waits_for_the_notice_of_ones_own_coming() -> None:
    steps = reference().steps("join")
    assert steps is not None
    assert [step.waits for step in steps] == [False, True]
    joined = next(v for v in GOLDEN.from_server if v.name == "somebody arrived")
    shown = steps[1].template.render({"name": "Ana"})
    assert reference().from_server.encode(shown.encode()) == joined.data
