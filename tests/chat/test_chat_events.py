"""What the client reads: the golden vectors, whatever way the bytes are cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.config import LINE_OUT_MAX_BYTES
from chat.events import (
    Event,
    EventDecoder,
    Failure,
    Goodbye,
    Joined,
    Left,
    Said,
    Told,
    ToldCopy,
    Users,
)
from spec import vectors
from spec.vectors import FromServer, Garbage

VECTORS = vectors.load()
KINDS: dict[type, str] = {
    Joined: "joined",
    Left: "left",
    Users: "users",
    Said: "message",
    Told: "private",
    ToldCopy: "private_sent",
    Failure: "error",
    Goodbye: "goodbye",
}
FIELDS = {"sender": "from", "recipient": "to"}


def meaning(event: Event) -> Mapping[str, object]:
    """What an event is, in the words of the vectors."""
    carried = {FIELDS.get(field, field): value for field, value in asdict(event).items()}
    carried.pop("phrase", None)  # of an error only the code is normative
    return {"kind": KINDS[type(event)], **carried}


def decoded(*pieces: bytes) -> tuple[list[Event], str | None]:
    decoder = EventDecoder()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return events, decoder.garbage


@pytest.mark.parametrize("vector", VECTORS.from_server, ids=lambda vector: vector.name)
def test_what_the_server_sends_means_what_the_vector_says(vector: FromServer) -> None:
    events, garbage = decoded(vector.data)
    expected = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in vector.event.items()
    }
    assert [meaning(event) for event in events] == [expected]
    assert garbage is None


@pytest.mark.parametrize("vector", VECTORS.garbage, ids=lambda vector: vector.name)
def test_a_line_of_no_kind_is_none_and_ends_everything(vector: Garbage) -> None:
    events, garbage = decoded(b"Ana: oi\n" + vector.data, b"Ana: ainda\n")
    assert events == [Said("Ana", "oi")]
    assert garbage is not None


@given(st.data())
def test_the_same_bytes_are_the_same_events_however_they_are_cut(data: st.DataObject) -> None:
    stream = b"".join(vector.data for vector in VECTORS.from_server)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=20)))
    ends = [*cuts, len(stream)]
    pieces = [stream[start:end] for start, end in zip([0, *cuts], ends, strict=True)]
    assert decoded(*pieces) == decoded(stream)


@given(st.lists(st.binary(max_size=40)))
def test_no_bytes_break_the_decoder(pieces: list[bytes]) -> None:
    assert decoded(*pieces) == decoded(b"".join(pieces))


def test_no_more_is_kept_than_a_line_may_have() -> None:
    decoder = EventDecoder()
    assert decoder.feed(b"Ana: " + b"x" * (LINE_OUT_MAX_BYTES - 6)) == []
    assert decoder.garbage is None
    assert decoder.feed(b"x") == []
    assert decoder.garbage == "Ana: " + "x" * 55
