"""The texts of a bench: found whole, once, however the stream was cut; pings answered likewise."""

from __future__ import annotations

import pytest

from harness.load.pings import pings
from harness.load.texts import MARK, TEXT_BYTES, Reader, text, wrapping
from harness.system import load


@pytest.mark.parametrize("size", [1, 2, 7, TEXT_BYTES - 1, TEXT_BYTES, TEXT_BYTES + 1, 1_000])
def test_a_reader_tells_of_each_text_once_however_it_is_cut(size: int) -> None:
    stream = b"".join(b":ana PRIVMSG #sala :" + text(1, number) + b"\r\n" for number in range(20))
    found: list[tuple[int, int]] = []
    reader = Reader(2, lambda sender, number, _at: found.append((sender, number)))
    for start in range(0, len(stream), size):
        reader(stream[start : start + size])
    assert found == [(1, number) for number in range(20)]


def test_a_reader_passes_over_the_texts_of_others_and_over_torn_ones() -> None:
    found: list[int] = []
    reader = Reader(1, lambda _sender, number, _at: found.append(number))
    reader(text(99, 1) + text(0, 2)[:-5] + text(0, 3))
    assert found == [3]


@pytest.mark.parametrize("target", ["reference-server", "naive-server", "ngircd", "inspircd"])
def test_a_message_is_wrapped_as_its_dialect_says_and_has_one_mark(target: str) -> None:
    dialect = load(target).dialect
    wrap = wrapping(dialect, "ana")
    assert wrap is not None
    (step,) = dialect.steps("message") or ()
    said = dialect.encode(step.template.render({"text": text(3, 4).decode(), "name": "ana"}))
    assert wrap(3, 4) == said
    assert said.count(MARK) == 1


@pytest.mark.parametrize("cut", range(1, 24))
def test_a_ping_is_answered_once_wherever_it_is_cut(cut: int) -> None:
    answerer = pings(load("ngircd").dialect)
    assert answerer is not None
    stream = b":a NOTICE b\r\nPING :irc.x\r\n"
    answers: list[bytes] = []
    for chunk in (stream[:cut], stream[cut:]):
        if answerer.may_be_in(bytearray(chunk), len(chunk), 5):
            answerer.look(5, chunk, answers.append)
    assert answers == [b"PONG :irc.x\r\n"]


def test_a_dialect_without_pings_has_nothing_to_answer() -> None:
    assert pings(load("reference-server").dialect) is None
