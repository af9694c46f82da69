"""The vocabulary of the wire, both ways, held to the golden vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import protocol
from chat.config import LINE_IN_MAX_BYTES, LINE_OUT_MAX_BYTES, NAME_MAX_CHARS, USERS_LINE_MAX_BYTES
from chat.framing import Line, LineDecoder
from chat.names import canonical
from chat.protocol import Claim, Code, ListUsers, Quit, Say, Tell
from spec import vectors
from spec.vectors import FromClient, FromServer, Replacement
from spec.vocabulary import ERROR_CODES

VECTORS = vectors.load()


def composed(claim: str) -> str:
    """The name that a valid claim gives."""
    name = canonical(claim)
    assert name
    return name


NAMES = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8).map(composed)


COMMANDS = {Claim: "name", Say: "message", Tell: "private", ListUsers: "users", Quit: "quit"}
EVENTS: dict[object, Callable[[Any], bytes]] = {
    "joined": lambda event: protocol.joined(event["name"]),
    "left": lambda event: protocol.left(event["name"]),
    "message": lambda event: protocol.said(event["from"], event["text"]),
    "private": lambda event: protocol.told(event["from"], event["text"]),
    "private_sent": lambda event: protocol.told_copy(event["to"], event["text"]),
    "users": lambda event: b"".join(protocol.users(event["names"])),
    "error": lambda event: protocol.error(Code(event["code"])),
    "goodbye": lambda event: protocol.closing(),
}


def meaning(line: Line, state: str) -> Mapping[str, str] | None:
    """What a line is, in the words of the vectors; None if it is nothing."""
    parse = protocol.parse_claim if state == "unnamed" else protocol.parse
    command = line if isinstance(line, Code) else parse(line)
    if command is None:
        return None
    if isinstance(command, Code):
        return {"command": "error", "code": command.value}
    carried = {name.replace("recipient", "to"): text for name, text in asdict(command).items()}
    return {"command": COMMANDS[type(command)], **carried}


@pytest.mark.parametrize("vector", VECTORS.from_client, ids=lambda vector: vector.name)
def test_what_a_client_sends_means_what_the_vector_says(vector: FromClient) -> None:
    lines = LineDecoder().feed(vector.data)
    meant = [meaning(line, vector.state) for line in lines]
    assert [each for each in meant if each] == list(vector.commands)


@pytest.mark.parametrize("vector", VECTORS.from_server, ids=lambda vector: vector.name)
def test_what_the_server_sends_is_what_the_vector_says(vector: FromServer) -> None:
    line = EVENTS[vector.event["kind"]](vector.event)
    if vector.event["kind"] == "error":  # of an error only the code is normative
        assert line.partition(b": ")[0] == vector.data.partition(b": ")[0]
    else:
        assert line == vector.data


@pytest.mark.parametrize("vector", VECTORS.replacement, ids=lambda vector: vector.name)
def test_a_text_is_emitted_as_the_vector_says(vector: Replacement) -> None:
    assert protocol.said("Ana", vector.received) == f"Ana: {vector.emitted}\n".encode()
    assert protocol.told("Ana", vector.received).endswith(f"] {vector.emitted}\n".encode())
    assert protocol.told_copy("Ana", vector.received).endswith(f"] {vector.emitted}\n".encode())


def test_the_codes_are_those_of_the_specification() -> None:
    assert tuple(code.value for code in Code) == ERROR_CODES


@pytest.mark.parametrize("code", Code)
def test_every_error_has_a_phrase_for_people(code: Code) -> None:
    line = protocol.error(code).decode()
    assert line.startswith(f"! {code.value}: ")
    assert line.removeprefix(f"! {code.value}: ").strip()


@given(NAMES, st.text())
def test_no_text_can_make_a_second_line_or_a_line_of_another_kind(name: str, text: str) -> None:
    for render, prefix in (
        (protocol.said, f"{name}: "),
        (protocol.told, f"[privado de {name}] "),
        (protocol.told_copy, f"[privado para {name}] "),
    ):
        line = render(name, text.encode(errors="replace").decode())
        assert line.startswith(prefix.encode())
        assert line.decode().splitlines(keepends=True) == [line.decode()]


@given(st.lists(NAMES, min_size=1, max_size=600))
def test_a_list_of_users_names_everybody_in_lines_that_fit(names: list[str]) -> None:
    lines = list(protocol.users(names))
    told = [line.decode().removeprefix("* conectados: ").removesuffix("\n") for line in lines]
    assert [name for line in told for name in line.split(", ")] == names
    assert all(len(line) <= USERS_LINE_MAX_BYTES for line in lines)


@pytest.mark.parametrize("length", range(1, 21))
def test_the_lines_of_a_long_list_are_as_full_as_they_may_be(length: int) -> None:
    first, *_ = protocol.users(["x" * length] * 5_000)
    assert USERS_LINE_MAX_BYTES - length - len(", ") < len(first) <= USERS_LINE_MAX_BYTES


def test_the_longest_line_of_a_client_grows_to_a_line_that_fits() -> None:
    name = "\U00010400" * NAME_MAX_CHARS
    line = protocol.told_copy(name, "\0" * LINE_IN_MAX_BYTES)
    assert len(line) <= LINE_OUT_MAX_BYTES
