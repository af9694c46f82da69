"""The framings: any split of any frames gives the same frames, in bounded memory."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.dialects.framing import MOST_BYTES, Counted, Delimited, Framing, FramingError, framing

FRAMED = ("line", "crlf", "length:2", "length:4", "ascii-length:5", "separator:|", "separator:<>")
TEXTS = st.lists(st.text(st.sampled_from("aé🎉 0{"), max_size=30).map(str.encode), max_size=6)


def frames(chosen: Framing, *pieces: bytes) -> list[bytes]:
    deframer = chosen.deframer()
    return [frame for piece in pieces for frame in deframer.feed(piece)]


@given(st.sampled_from(FRAMED), TEXTS, st.data())
def test_any_split_gives_the_frames_that_were_written(
    name: str, texts: list[bytes], data: st.DataObject
) -> None:
    chosen = framing(name)
    stream = b"".join(map(chosen.encode, texts))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    places = [0, *cuts, len(stream)]
    pieces = [stream[start:end] for start, end in itertools.pairwise(places)]
    assert frames(chosen, *pieces) == texts


@pytest.mark.parametrize("name", FRAMED)
def test_a_frame_without_its_end_is_nothing_yet(name: str) -> None:
    written = framing(name).encode(b"ola")
    assert frames(framing(name), *(written[i : i + 1] for i in range(len(written) - 1))) == []


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("raw", b"ola"),
        ("line", b"ola\n"),
        ("crlf", b"ola\r\n"),
        ("length:2", b"\x00\x03ola"),
        ("length:4", b"\x00\x00\x00\x03ola"),
        ("ascii-length:5", b"3    ola"),
        ("separator:<>", b"ola<>"),
    ],
)
def test_each_framing_writes_a_text_in_its_own_way(name: str, wire: bytes) -> None:
    assert framing(name).encode(b"ola") == wire


@pytest.mark.parametrize("name", ["line", "crlf"])
def test_lines_may_end_with_or_without_a_carriage_return(name: str) -> None:
    assert frames(framing(name), b"um\r\ndois\n\r\n") == [b"um", b"dois", b""]


def test_only_one_carriage_return_belongs_to_the_line_end() -> None:
    assert frames(framing("line"), b"um\r\r\n") == [b"um\r"]


def test_another_separator_leaves_carriage_returns_alone() -> None:
    assert frames(framing("separator:|"), b"um\r|") == [b"um\r"]


def test_without_framing_every_read_is_handed_on_as_it_came() -> None:
    raw = framing("raw")
    assert not raw.framed
    assert frames(raw, b"um", b"dois") == [b"um", b"dois"]


def test_a_length_in_digits_may_have_blanks_or_zeros_around_it() -> None:
    assert frames(framing("ascii-length:4"), b"0002oi 2  oi2   oi") == [b"oi", b"oi", b"oi"]


@pytest.mark.parametrize("name", ["line", "separator:|", "length:4", "ascii-length:9"])
def test_a_frame_without_end_costs_no_more_than_its_bound(name: str) -> None:
    deframer = framing(name).deframer()
    assert isinstance(deframer, Delimited | Counted)
    for _ in range(40):
        assert deframer.feed(b"9" * 65_536) == []
    assert len(deframer.rest) <= MOST_BYTES


def test_a_length_that_is_none_is_never_reached() -> None:
    assert frames(framing("ascii-length:2"), b"xxabc" * 1_000) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "lines",
        "LINE",
        "length",
        "length:3",
        "length:",
        "separator:",
        "separator",
        "json:",
        "ascii-length:",
        "ascii-length:x",
        "ascii-length:0",
        "ascii-length:-1",
    ],
)
def test_an_unknown_framing_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(FramingError) as refused:
        framing(name)
    assert f"there is no framing {name!r}; known: raw, line, crlf, length:2" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "fits"), [("ascii-length:2", 99), ("length:2", 65_535), ("ascii-length:1", 9)]
)
def test_a_text_too_long_for_its_length_is_never_written_wrong(name: str, fits: int) -> None:
    chosen = framing(name)
    assert frames(chosen, chosen.encode(b"a" * fits)) == [b"a" * fits]
    with pytest.raises(FramingError, match=f"{fits + 1} bytes"):
        chosen.encode(b"a" * (fits + 1))


def test_json_with_half_a_pair_of_surrogates_is_read_as_far_as_it_goes() -> None:
    (frame,) = framing("json").deframer().feed(b'{"texto": "\\ud83d oi"}\n')
    assert frame.decode("utf-8", "backslashreplace").endswith(" oi")


def test_json_that_is_nested_without_end_is_handed_on_as_it_came() -> None:
    nested = b"[" * 200_000
    assert framing("json").deframer().feed(nested + b"\n") == [nested]
