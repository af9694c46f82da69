"""Colours for a terminal are left out of what a server says, wherever it is cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness_stage import dialect, vocabulary
from hypothesis import given
from hypothesis import strategies as st

from harness.dialects.ansi import Plain, place_in, plain
from harness.expect import Kind

COLOURED = "\x1b[1;31mana\x1b[0m disse\x1b[K oi\x1b[2J"


def test_what_is_plain_stays() -> None:
    assert plain(COLOURED) == "ana disse oi"
    assert plain("a[1m \x1b b") == "a[1m \x1b b"


@given(st.integers(0, len(COLOURED)), st.integers(0, len(COLOURED)))
def test_a_stream_may_be_cut_anywhere(one: int, other: int) -> None:
    first, second = sorted((one, other))
    pieces = (COLOURED[:first], COLOURED[first:second], COLOURED[second:])
    stream = Plain()
    assert "".join(map(stream.feed, pieces)) == "ana disse oi"


@given(st.integers(0, len("ana disse oi")))
def test_a_place_is_found_again_among_the_colours(characters: int) -> None:
    assert plain(COLOURED[: place_in(COLOURED, characters)]) == "ana disse oi"[:characters]


@pytest.mark.parametrize("framing", ["raw", "line"])
def test_a_coloured_notice_is_recognised(tmp_path: Path, framing: str) -> None:
    words = vocabulary()
    name = words.name("ana")
    wire = f'[wire]\nansi = true\nframing = "{framing}"\n'
    speech = dialect(tmp_path, wire + '[receive]\njoined = "* {name} entrou"\n')
    reader = speech.recogniser(words)
    events = reader.feed(f"\x1b[33m* {name}\x1b[0m entrou\n".encode(), 0.0)
    assert [(event.kind, event.fields["name"]) for event in events] == [(Kind.JOINED, name)]
