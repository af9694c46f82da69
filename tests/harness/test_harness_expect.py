"""Names and texts of a fixed shape, expectations, and the counting of texts in raw bytes."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import pytest
from harness_stage import vocabulary
from hypothesis import given
from hypothesis import strategies as st

from harness import expect
from harness.clients.tally import Tally
from harness.expect import LONG_NONCE, NAME, SHORT_NONCE, Event, Kind, nonce_of, nonces_in


@dataclass
class Ana:
    name: str = "ana"


def event(kind: Kind, **fields: str) -> Event:
    return Event(kind, {key.rstrip("_"): value for key, value in fields.items()}, 0.0, "")


# -- the tally ------------------------------------------------------------------------------

WORDS = vocabulary()
TEXTS = [WORDS.nonce(), WORDS.nonce(), WORDS.wrapped("olá 🎉"), "ruído", "qqqxxx", "x" * 40]


@given(st.lists(st.sampled_from(TEXTS), max_size=12), st.lists(st.integers(0, 400), max_size=30))
def test_counts_do_not_depend_on_how_the_bytes_were_cut(texts: list[str], cuts: list[int]) -> None:
    stream = " ".join(texts).encode()
    places = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    whole, cut = Tally(), Tally()
    whole.feed(stream)
    for start, end in itertools.pairwise(places):
        cut.feed(stream[start:end])
    assert cut.counts == whole.counts
    assert cut.total_bytes == len(stream)
    for text in TEXTS[:3]:
        assert whole.counts[nonce_of(text)] == texts.count(text) * nonces_in(text)


@given(st.binary(max_size=60))
def test_a_text_is_counted_among_any_bytes(noise: bytes) -> None:
    tally, text = Tally(), TEXTS[0]
    tally.feed(noise.replace(b"q", b"").replace(b"x", b"") + text.encode() + noise)
    assert tally.counts[text] >= 1


def test_glued_texts_are_counted_one_by_one() -> None:
    tally = Tally()
    tally.feed((TEXTS[0] * 3 + TEXTS[1]).encode())
    assert (tally.counts[TEXTS[0]], tally.counts[TEXTS[1]]) == (3, 1)


def test_a_torn_long_text_is_counted_as_a_copy_begun() -> None:
    tally, text = Tally(), TEXTS[2]
    tally.feed(text.encode()[:-1])
    assert tally.counts[nonce_of(text)] == 1


def test_the_memory_of_a_tally_does_not_grow_with_the_bytes() -> None:
    tally = Tally()
    for _ in range(100):
        tally.feed(b"nada de nosso " * 1_000)
    assert len(tally.tail) < 12
    assert not tally.counts


# -- the vocabulary -------------------------------------------------------------------------


@given(st.integers(0, 10_000), st.text(st.sampled_from("abcde"), min_size=1, max_size=5))
def test_names_are_seven_letters_unique_and_begin_as_asked(seed: int, base: str) -> None:
    words = vocabulary(seed)
    names = [words.name(base) for _ in range(8)]
    assert len(set(names)) == 8
    assert all(re.fullmatch(NAME, name) and name.startswith(base) for name in names)
    assert words.names == set(names)
    assert not words.special_names


def test_the_same_seed_gives_the_same_words() -> None:
    first, second = vocabulary(7), vocabulary(7)
    assert [first.name("ana"), first.nonce()] == [second.name("ana"), second.nonce()]


@given(st.integers(0, 10_000))
def test_nonces_hold_no_word_that_a_server_could_take_for_a_command(seed: int) -> None:
    words = vocabulary(seed)
    assert re.fullmatch(SHORT_NONCE, words.nonce())
    assert not re.search("[aeiou/]", words.nonce())


@given(st.integers(24, 5_000))
def test_a_long_text_has_exactly_the_size_asked_for_and_a_nonce_at_both_ends(size: int) -> None:
    text = vocabulary().long_text(size)
    assert len(text.encode()) == size
    assert re.fullmatch(f"({LONG_NONCE}).*\\1", text)
    assert nonces_in(text) == 2


def test_a_name_of_another_shape_is_special() -> None:
    words = vocabulary()
    assert words.admit("José") == "José"
    assert words.admit("abcdefg") == "abcdefg"
    assert words.special_names == {"José"}


# -- expectations ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        (expect.joined(Ana()), event(Kind.JOINED, name="ana")),
        (expect.left(Ana()), event(Kind.LEFT, name="ana")),
        (expect.message(Ana(), "oi"), event(Kind.MESSAGE, from_="ana", text="oi")),
        (expect.message(Ana(), "oi"), event(Kind.MESSAGE, text="oi")),
        (expect.echo(Ana(), "oi"), event(Kind.MESSAGE, from_="ana", text="oi")),
        (expect.echo(Ana(), "oi"), event(Kind.ECHO, text="oi")),
        (expect.private(Ana(), "oi"), event(Kind.PRIVATE, from_="ana", text="oi")),
        (expect.unknown_recipient(), event(Kind.UNKNOWN_RECIPIENT, rest="?")),
        (expect.refusal(), event(Kind.SERVER_FULL)),
        (expect.refusal(Kind.NAME_TAKEN), event(Kind.NAME_TAKEN)),
    ],
)
def test_what_was_expected_is_recognised(expected: expect.Expectation, seen: Event) -> None:
    assert expected.matches(seen)


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        (expect.joined(Ana()), event(Kind.JOINED, name="bia")),
        (expect.joined(Ana()), event(Kind.LEFT, name="ana")),
        (expect.message(Ana(), "oi"), event(Kind.MESSAGE, from_="bia", text="oi")),
        (expect.message(Ana(), "oi"), event(Kind.MESSAGE, from_="ana", text="ola")),
        (expect.message(Ana(), "oi"), event(Kind.PRIVATE, from_="ana", text="oi")),
        (expect.refusal(Kind.NAME_TAKEN), event(Kind.SERVER_FULL)),
    ],
)
def test_what_was_not_expected_is_told_apart(expected: expect.Expectation, seen: Event) -> None:
    assert not expected.matches(seen)


def test_an_expectation_says_in_words_what_it_waits_for() -> None:
    assert str(expect.private(Ana(), "oi")) == "“private” (from ana, text oi)"
    assert str(expect.refusal(Kind.NAME_TAKEN, Kind.SERVER_FULL)) == "“name taken or server full”"
    assert "(300 characters)" in str(expect.message(Ana(), "a" * 300))


def test_only_a_text_that_is_expected_is_one() -> None:
    assert expect.message(Ana(), "oi").text == "oi"
    assert expect.joined(Ana()).text is None
