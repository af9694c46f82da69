"""The framing of what clients send (2.1 to 2.3): any pieces, any content, bounded memory."""

from __future__ import annotations

import sys
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.config import LINE_IN_MAX_BYTES
from chat.framing import Line, LineDecoder
from chat.protocol import Code
from spec import vectors
from spec.vectors import FromClient

PIECES = st.one_of(
    st.binary(max_size=20),
    st.sampled_from([b"\n", b"\r\n", b"\r", b"\xc3\xa9", b"\xf0\x9f", b"/sair\n"]),
    st.integers(4_090, 4_100).map(lambda size: b"a" * size),
)


def fed(*pieces: bytes) -> list[Line]:
    decoder = LineDecoder()
    return [line for piece in pieces for line in decoder.feed(piece)]


@given(st.lists(PIECES))
def test_any_split_of_any_bytes_gives_the_same_lines(pieces: list[bytes]) -> None:
    assert fed(*pieces) == fed(b"".join(pieces))


@pytest.mark.parametrize("vector", vectors.load().from_client, ids=lambda vector: vector.name)
def test_a_byte_at_a_time_gives_the_same_lines(vector: FromClient) -> None:
    assert fed(*(bytes([byte]) for byte in vector.data)) == fed(vector.data)


@given(st.lists(st.text().filter(lambda text: "\n" not in text and not text.endswith("\r"))))
def test_every_text_that_fits_arrives_as_it_was_sent(texts: list[str]) -> None:
    assert fed("".join(f"{text}\n" for text in texts).encode()) == texts


@given(st.lists(PIECES))
def test_every_byte_is_of_a_line_an_error_or_an_unfinished_line(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    *whole, last = data.split(b"\n")
    assert len(fed(data)) == len(whole) + (len(last) >= LINE_IN_MAX_BYTES)


def test_a_line_without_end_costs_no_more_than_its_bound() -> None:
    decoder, piece = LineDecoder(), b"a" * 16_384
    decoder.feed(piece)
    tracemalloc.start()
    try:
        assert [line for _ in range(1_000) for line in decoder.feed(piece)] == []
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept_bytes < 2 * LINE_IN_MAX_BYTES


def test_an_unfinished_line_costs_no_more_than_its_bound() -> None:
    decoder = LineDecoder()
    for _ in range(LINE_IN_MAX_BYTES - 1):
        assert decoder.feed(b"a") == []
    assert sys.getsizeof(decoder._rest) < 2 * LINE_IN_MAX_BYTES
    assert decoder.feed(b"a") == [Code.LINE_TOO_LONG]
    assert decoder._rest == b""
